"""Call records and rows of the log of telephone calls, as Graph writes them, made from a seed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connector.simulators.microsoft.draws import FIRST, LAST, moment_text, pick
from connector.simulators.microsoft.keys import seeded_id

Document = dict[str, Any]


@dataclass(slots=True)
class CallBooks:
    """Call records by id, each with its participants; rows of the logs of telephone calls, by
    calling plans and by direct routing; every change, in order: (id, whether it was deleted)."""

    records: dict[str, Document] = field(default_factory=dict)
    rows: list[Document] = field(default_factory=list)
    direct: list[Document] = field(default_factory=list)
    changes: list[tuple[str, bool]] = field(default_factory=list)

    def put(self, record: Document) -> None:
        """A new record, or a new version of one."""
        self.records[record["id"]] = record
        self.changes.append((record["id"], False))

    def delete(self, key: str) -> None:
        """A record that is there no more."""
        del self.records[key]
        self.changes.append((key, True))


def call_record(seed: int, number: int, now: datetime, *, version: int = 1) -> Document:
    """Every third call has no telephone; of the others every second comes from outside."""
    start = now - timedelta(minutes=5 * (number % 8000) + 10)
    user = _user(seed, number)
    other = _user(seed, number + 1) if number % 3 == 2 else _telephone(number)
    caller, called = (other, user) if number % 2 else (user, other)
    return {
        "id": seeded_id(seed, f"call/{number}"),
        "version": version,
        "type": "peerToPeer",
        "modalities": ["audio"],
        "lastModifiedDateTime": moment_text(start + timedelta(minutes=30)),
        "startDateTime": _precise(start),
        "endDateTime": _precise(start + timedelta(seconds=30 + number % 900)),
        "joinWebUrl": "https://teams.example.com/",
        "organizer": None,
        "participants": [],
        "organizer_v2": caller,
        "participants_v2": [caller, called],
    }


def pstn_rows(seed: int, number: int, now: datetime) -> Iterator[Document]:
    """The row of the log, for a call with a telephone."""
    if number % 3 == 2:
        return
    record = call_record(seed, number, now)
    inbound, seconds = bool(number % 2), 30 + number % 900
    here, there = f"+4420794600{number % 100:02d}", _phone(number)
    answered = number % 5 != 0
    yield {
        "id": seeded_id(seed, f"row/{number}"),
        "callId": f"{number // 2}_call@example.com",
        "userId": seeded_id(seed, f"user/{number % 50}"),
        "userPrincipalName": f"user{number % 50}@example.com",
        "userDisplayName": "Somebody",
        "startDateTime": record["startDateTime"],
        "endDateTime": record["endDateTime"],
        "duration": seconds - 5 if answered else 0,
        "charge": 0.0,
        "callType": "user_in" if inbound else "user_out",
        "currency": "EUR",
        "callerNumber": there if inbound else here,
        "calleeNumber": here if inbound else there,
        "destinationName": None,
    }


def direct_row(seed: int, number: int, now: datetime) -> Document:
    """A row of the log of calls by direct routing; every fifth one failed."""
    record = call_record(seed, number, now)
    inbound, seconds, failed = bool(number % 2), 30 + number % 900, number % 5 == 4
    here, there = f"+4420794601{number % 100:02d}", _phone(number)
    return {
        "id": seeded_id(seed, f"direct/{number}"),
        "correlationId": seeded_id(seed, f"correlation/{number}"),
        "userId": seeded_id(seed, f"user/{number % 50}"),
        "userPrincipalName": f"user{number % 50}@example.com",
        "userDisplayName": "Somebody",
        "inviteDateTime": record["startDateTime"],
        "startDateTime": record["startDateTime"],
        "endDateTime": None if failed else record["endDateTime"],
        "failureDateTime": record["endDateTime"] if failed else None,
        "duration": 0 if failed else seconds - 5,
        "callType": "ByotIn" if inbound else "ByotOut",
        "successfulCall": not failed,
        "callerNumber": there if inbound else here,
        "calleeNumber": here if inbound else there,
        "mediaPathLocation": "EUNO",
        "signalingLocation": "EUNO",
        "finalSipCode": 404 if failed else 200,
        "trunkFullyQualifiedDomainName": "sbc.example.com",
        "mediaBypassEnabled": False,
    }


def _user(seed: int, number: int) -> Document:
    key = seeded_id(seed, f"user/{number % 50}")
    name = f"{pick(seed, number % 50, 'f', FIRST)} {pick(seed, number % 50, 'l', LAST)}"
    return {"id": key, "identity": {"user": {"id": key, "displayName": name}, "phone": None}}


def _telephone(number: int) -> Document:
    phone = _phone(number)
    return {"id": phone, "identity": {"phone": {"id": phone, "displayName": None}, "user": None}}


def _phone(number: int) -> str:
    return f"+1202555{100 + number % 100:04d}"


def _precise(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06d}7Z"
