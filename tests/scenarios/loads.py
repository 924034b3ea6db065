"""Senders that give up on nothing: each thing is repeated, unchanged, until it is acknowledged."""

import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import httpx

_BATCH = 20


class Load:
    """One sender of batches and one exchange that posts call by call, both until stopped."""

    def __init__(self, site: str, *, key: str, account: str, switch: str) -> None:
        self._site, self._key, self._account, self._switch = site, key, account, switch
        self._over = threading.Event()
        self._threads = [threading.Thread(target=run) for run in (self._batches, self._documents)]
        self.acknowledged: dict[str, str] = {}
        """Source ids, and the caller that was sent with each."""
        self.singles = 0
        self.repeats = 0
        self.refused: list[str] = []

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(120)

    def progress(self, *, by: int = 60) -> None:
        """Wait until `by` more records were acknowledged."""
        wanted, until = len(self.acknowledged) + by, time.monotonic() + 90
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < until, f"no progress; refused: {self.refused}"
            time.sleep(0.05)

    def _batches(self) -> None:
        turn = 0
        while not self._over.is_set():
            turn += 1
            records = [_record(self._account, f"batch-{turn}-{n}", n) for n in range(_BATCH)]
            self._until_taken(partial(self._post, records))
            self.acknowledged |= {each["source_id"]: each["caller"] for each in records}
            self._over.wait(0.15)

    def _documents(self) -> None:
        while not self._over.is_set():
            leg, caller = str(uuid.uuid4()), f"+4930231250{self.singles % 100:02}"
            document = _document(leg, caller)
            self._until_taken(partial(self._tell, document))
            self.acknowledged[leg] = caller
            self.singles += 1
            self._over.wait(0.1)

    def _post(self, records: list[dict[str, Any]], client: httpx.Client) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._key}"}
        return client.post("/api/v1/calls", json=records, headers=headers)

    def _tell(self, document: dict[str, Any], client: httpx.Client) -> httpx.Response:
        return client.post(self._switch, json=document)

    def _until_taken(self, send: Callable[[httpx.Client], httpx.Response]) -> None:
        while True:
            try:
                with httpx.Client(base_url=self._site, timeout=20) as client:
                    answer = send(client)
            except httpx.HTTPError:
                answer = None
            if answer is not None and answer.status_code == 200:
                said = answer.json()
                if said["rejected"] or said["expired"]:
                    self.refused.append(answer.text)
                return
            if answer is not None and answer.status_code < 500:
                self.refused.append(f"{answer.status_code} {answer.text}")
            self.repeats += 1
            time.sleep(0.2)


def _record(account: str, source_id: str, number: int) -> dict[str, Any]:
    began = datetime.now(UTC) - timedelta(minutes=10)
    return {
        "source_id": source_id,
        "account": account,
        "direction": "inbound",
        "caller": f"+1202555{100 + number:04}",
        "called": "+442079460018",
        "started_at": began.isoformat(),
        "answered_at": (began + timedelta(seconds=5)).isoformat(),
        "ended_at": (began + timedelta(seconds=15)).isoformat(),
    }


def _document(leg: str, caller: str) -> dict[str, Any]:
    began = int(time.time()) - 600
    return {
        "core-uuid": "core",
        "variables": {
            "uuid": leg,
            "direction": "inbound",
            "start_epoch": str(began),
            "answer_epoch": str(began + 5),
            "end_epoch": str(began + 15),
        },
        "callflow": [
            {"caller_profile": {"caller_id_number": caller, "destination_number": "+442079460018"}}
        ],
    }
