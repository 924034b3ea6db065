"""The calls of the simulated Moontalk: the same for the same seed, of people who do not exist."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

_PEOPLE: Final = ("Aino Esimerkki", "Robin Example", "Jürgen Beispiel", "Elli Testinen")
_COMPANIES: Final = ("Example Ltd", "Esimerkki Oy", "Beispiel GmbH", "Exempel AB")
_AGENTS: Final = tuple(f"agent-{number}" for number in range(1, 8))

Call = dict[str, Any]


@dataclass(slots=True)
class Books:
    """All calls by id, and when each changed last."""

    seed: int
    calls: dict[str, Call] = field(default_factory=dict)
    changes: dict[str, datetime] = field(default_factory=dict)

    def put(self, call: Call, changed: datetime) -> str:
        """Add a call, or put a newer state of it in its place."""
        key = str(call["id"])
        self.calls[key], self.changes[key] = call, changed
        return key

    def add(self, now: datetime, *, age: timedelta = timedelta()) -> str:
        """One more call, that ended at `now` less `age`."""
        ended = now - age
        return self.put(call_of(self.seed, len(self.calls), ended), ended)

    def change(self, key: str, changed: datetime) -> None:
        """Somebody looks up who called."""
        number = int(key.rpartition("-")[2])
        call = self.calls[key] | {"contact_person": _PEOPLE[(number + 1) % len(_PEOPLE)]}
        self.put(call | {"company": _COMPANIES[changed.microsecond % len(_COMPANIES)]}, changed)

    def changed_since(self, since: datetime | None) -> list[Call]:
        """By the time of their last change, the oldest first; `since` is included."""
        found = [(at, key) for key, at in self.changes.items() if since is None or at >= since]
        return [self.shown(key) for _, key in sorted(found)]

    def shown(self, key: str) -> Call:
        """A call as it is told, with more than anybody declared."""
        changed = self.changes[key].isoformat().replace("+00:00", "Z")
        return self.calls[key] | {"updated_at": changed, "recording_url": f"/recordings/{key}"}


def seeded(seed: int, *, calls: int, now: datetime) -> Books:
    """Calls of the last days, one every few minutes."""
    books = Books(seed)
    for number in range(calls):
        minutes = (calls - number) * 7 + _number(seed, number, "age") % 7
        books.add(now, age=timedelta(minutes=minutes % (20 * 24 * 60)))
    return books


def call_of(seed: int, number: int, ended: datetime) -> Call:
    """A call that ended then; each fifth was not answered."""
    talked = _number(seed, number, "talked") % 600
    answered = number % 5 != 4
    started = ended - timedelta(seconds=talked + 9)
    inbound = number % 3 != 2
    outside = f"+1202555{100 + number % 100:04d}"
    inside = f"+44207946{number % 1000:04d}"
    return {
        "id": f"mt-{seed}-{number:07d}",
        "direction": "inbound" if inbound else "outbound",
        "caller": outside if inbound else inside,
        "called": inside if inbound else outside,
        "user_id": _AGENTS[_number(seed, number, "agent") % len(_AGENTS)],
        "contact_person": _PEOPLE[number % len(_PEOPLE)] if inbound else None,
        "company": _COMPANIES[number % len(_COMPANIES)] if inbound else None,
        "started_at": _said(started),
        "answered_at": _said(started + timedelta(seconds=9)) if answered else None,
        "ended_at": _said(ended),
    }


def _said(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _number(seed: int, number: int, name: str) -> int:
    digest = hashlib.sha256(f"{seed}/{number}/{name}".encode()).digest()
    return int.from_bytes(digest[:4], "big")
