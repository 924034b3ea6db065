"""What an attacker who can write to Redis would call. Each writes a file, so that it shows."""

import json
import os
import pickle
import zlib
from collections.abc import Mapping
from pathlib import Path

SPRING = "tests.jobs.traps.spring"


def spring(*_: object, **__: object) -> None:
    """Leave a mark: somebody was made to run this."""
    with (Path(os.environ["SAMPLE_FOLDER"]) / "sprung").open("a") as file:
        file.write("sprung\n")


class Unpickled:
    """Runs when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[()]]:
        return spring, ()


def raw_jobs(webhook: str) -> dict[str, dict[str, object]]:
    """Job hashes, as RQ 3 reads them, each with another way to make a worker do something."""
    harmless = zlib.compress(json.dumps(["builtins.len", None, [[]], {}]).encode())
    failing = zlib.compress(json.dumps(["builtins.len", None, [], {}]).encode())
    called = zlib.compress(json.dumps([SPRING, None, [], {}]).encode())
    hook = {"method": "POST", "headers": None, "timeout": 5, "url": webhook}
    posts = json.dumps([hook | {"job_status": s} for s in ("finished", "failed")])
    return {
        "json-function": {"data": called},
        "json-bare": {"data": json.dumps([SPRING, None, [], {}])},
        "pickled-function": {"data": pickle.dumps((SPRING, None, (), {}))},
        "pickled-object": {"data": zlib.compress(pickle.dumps(Unpickled()))},
        "pickled-meta": {"data": harmless, "meta": pickle.dumps(Unpickled())},
        "pickled-result": {"data": harmless, "result": pickle.dumps(Unpickled())},
        "on-success": {"data": harmless, "success_callback_name": SPRING},
        "on-failure": {"data": failing, "failure_callback_name": SPRING},
        "on-stopped": {"data": called, "stopped_callback_name": SPRING},
        "webhook-finished": {"data": harmless, "webhooks": posts},
        "webhook-failed": {"data": failing, "webhooks": posts},
        "repeated": {"data": called, "repeats_left": 99, "repeat_intervals": "[0]"},
        "retried": {"data": called, "retries_left": 99, "retry_intervals": "[0]"},
        "grouped": {"data": called, "group_id": "group"},
        "endless": {"data": called, "timeout": -1, "result_ttl": -1},
        "malformed": {"data": called, "timeout": "x", "status": "no-such-status"},
    }


FORGED_IDS: Mapping[str, bytes] = {
    "empty": b"",
    "not utf-8": b"\xff\xfe\x00",
    "no attempt": b"0190a0a0-0000-7000-8000-00000000a11c",
    "long attempt": b"0190a0a0-0000-7000-8000-00000000a11c_99999",
    "negative": b"0190a0a0-0000-7000-8000-00000000a11c_-1",
    "nobody's": b"0190a0a0-0000-7000-8000-00000000dead_0",
    "upper case": b"0190A0A0-0000-7000-8000-00000000A11C_0",
    "with a line": b"0190a0a0-0000-7000-8000-00000000a11c_0\n",
    "a path": b"../../../../etc/passwd",
    "execution": b"json-function:1234",
    "huge": b"x" * (1 << 20),
}
