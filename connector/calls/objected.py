"""Calls whose other end objects to being reached: "do not call" (promise C6).

Looked up when a call is read, never stored with it: an objection shows in every list at once,
and its end, too. One question for a page of calls, and none where nobody objects to anything.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from connector.calls.numbers import identity_of
from connector.calls.shapes import CallRecord
from connector.calls.views import CallView
from privacy.core.db.work import UnitOfWork
from privacy.profiles.parts import Objection
from privacy.suppressions.entries import any_suppressed
from privacy.suppressions.numbers import not_to_call
from privacy.vault.keyring import Keyring

Objected = tuple[Objection, ...]


class Objectors:
    """Who objects to what, remembered for as long as one reader needs it."""

    def __init__(self, work: UnitOfWork, vault: Keyring) -> None:
        self._work, self._vault = work, vault
        self._known: dict[str, Objected] = {}
        self._anybody: bool | None = None

    def of(self, records: Sequence[CallRecord]) -> list[Objected]:
        """What the people of each call object to, in order."""
        if self._anybody is None:
            self._anybody = any_suppressed(self._work)
        if not self._anybody:
            return [()] * len(records)
        self._learn(number for record in records for number in _numbers(record))
        return [self._objected(record) for record in records]

    def _learn(self, numbers: Iterable[str]) -> None:
        new = set(numbers) - self._known.keys()
        if new:
            found = not_to_call(self._work, self._vault, new)
            self._known |= {number: tuple(found.get(number, ())) for number in new}

    def _objected(self, record: CallRecord) -> Objected:
        said = {one for number in _numbers(record) for one in self._known[number]}
        return tuple(sorted(said))


def mark_calls(work: UnitOfWork, *, vault: Keyring, calls: Sequence[CallView]) -> list[CallView]:
    """The calls, each with what its people object to."""
    if not calls:
        return []
    said = Objectors(work, vault).of([view.record for view in calls])
    return [
        replace(view, objections=objected) if objected else view
        for view, objected in zip(calls, said, strict=True)
    ]


def _numbers(record: CallRecord) -> Iterable[str]:
    for number in (record.caller, record.called):
        if (known := identity_of(number)) is not None:
            yield known
