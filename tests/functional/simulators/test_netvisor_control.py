"""Ordering faults, and the command."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from connector.simulators.netvisor.keys import Keys
from tests.functional.netvisor.worlds import world
from tests.functional.simulators.messages import send

ROOT = Path(__file__).parents[3]


def test_faults_are_ordered_met_and_cleared() -> None:
    with world() as w:
        order = {"name": "429", "times": 2, "seconds": 7, "resource": "CustomerList.nv"}
        assert httpx.post(f"{w.url}/_control/faults", json=order).status_code == 204
        assert httpx.get(f"{w.url}/_control/state").json()["faults"] == ["429"]
        assert send(w.url, "/productlist.nv", w.desk.keys).status_code == 200
        refused = send(w.url, "/customerlist.nv", w.desk.keys)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "7")
        assert httpx.delete(f"{w.url}/_control/faults").status_code == 204
        assert send(w.url, "/customerlist.nv", w.desk.keys).status_code == 200
        state = httpx.get(f"{w.url}/_control/state").json()
        assert (state["faults"], state["customers"]) == ([], 12)
        assert state["answered"] == {"productlist": 1, "customerlist": 1}


@pytest.mark.parametrize(
    "body", [{"name": "nothing"}, {}, [], "429", {"name": "429", "times": "many"}]
)
def test_faults_that_do_not_exist(body: object) -> None:
    with world() as w:
        assert httpx.post(f"{w.url}/_control/faults", json=body).status_code == 422
        assert httpx.post(f"{w.url}/_control/faults", content="name=429").status_code == 415


@contextmanager
def command(*options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The running command and its address."""
    run = [sys.executable, "wsgi.py", "simulate", "netvisor", "--port", "0", *options]
    process = subprocess.Popen(run, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split()[-1], process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        process.stdout.close()


def test_the_command_answers_and_stops() -> None:
    with command("--seed", "7", "--customers", "3", "--fault", "429") as (url, process):
        keys = Keys.of(7)
        assert send(url, "/customerlist.nv", keys).status_code == 429
        assert send(url, "/customerlist.nv", keys).text.count("<Customer>") == 3
        port = url.rpartition(":")[2]
        taken = subprocess.run(
            [sys.executable, "wsgi.py", "simulate", "netvisor", "--port", port],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert taken.returncode == 2
        assert "in use" in taken.stderr
        assert "Traceback" not in taken.stderr
        assert process.stdout is not None
    assert process.returncode == 0


def test_the_same_seed_the_same_books() -> None:
    with world(seed=3) as one, world(seed=3) as other, world(seed=4) as third:
        names = [
            [entry.groups for entry in w.desk.books.customers.values()] for w in (one, other, third)
        ]
        assert names[0] == names[1]
        assert json.dumps(names[0]) != json.dumps(names[2])
        assert one.desk.keys == other.desk.keys != third.desk.keys
