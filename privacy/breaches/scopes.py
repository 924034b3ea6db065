"""How far a loss reached: what was exposed, and which tables, records and people that comes to.

The counts are made by the service, from its ledger and its key ring (GDPR Art. 33(3)(a)).
"""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

import msgspec


class Exposed(StrEnum):
    """What somebody else had."""

    ACCOUNT = "account"
    """A person's password or session: whatever that account read in the time."""
    API_KEY = "api_key"
    EXPORT = "export"
    """An archive that was fetched, and what opens it."""
    DATABASE = "database"
    """The whole database, or a copy of it, and no key."""
    DAY_KEYS = "day_keys"
    """The database with the keys of some days."""
    ALL_KEYS = "all_keys"
    """The database with every key that lived in the time."""


NAMED = frozenset({Exposed.ACCOUNT, Exposed.API_KEY, Exposed.EXPORT})
"""What is one of several: its id is asked."""


class Exposure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was exposed, and from when until when.

    Args:
        which: the id of the account, API key or export.
        first_day, last_day: of which days the keys were exposed; both included.
    """

    what: Exposed
    since: datetime
    until: datetime
    which: uuid.UUID | None = None
    first_day: date | None = None
    last_day: date | None = None


class Reach(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was readable of one table.

    Args:
        records: how many; with `at_most` not more than that, as the same ones may count twice.
        people: how many different ones by their blind index; None where a table has none.
        unreadable: records that were there and sealed by keys that nobody had.
    """

    table: str
    records: int
    people: int | None = None
    unreadable: int = 0
    at_most: bool = False


class Scope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a loss comes to, as it stood when it was computed.

    Args:
        people_least, people_most: tables know people by unlike tokens, so that it is a range.
        days, days_gone: days of day keys that were exposed, and those whose keys were destroyed.
        days_since_gone: exposed ones whose keys are destroyed by now: records of theirs are in
            no table to be counted.
        reads: how often it read, by the ledger; `sign_ins`: how often it signed in.
    """

    exposure: Exposure
    computed_at: datetime
    reaches: Sequence[Reach] = ()
    people_least: int = 0
    people_most: int = 0
    days: int = 0
    days_gone: int = 0
    days_since_gone: int = 0
    reads: int = 0
    sign_ins: int = 0

    @property
    def tables(self) -> list[str]:
        """Those of which anything was readable."""
        return [one.table for one in self.reaches if one.records]


def scope_in_words(scope: Scope) -> list[str]:
    """Lines for a notice, a page or a letter."""
    given = scope.exposure
    lines = [
        f"Exposed: {given.what.value.replace('_', ' ')}, "
        f"{given.since:%Y-%m-%d %H:%M} to {given.until:%Y-%m-%d %H:%M} UTC",
        f"People: {_range(scope.people_least, scope.people_most)}",
    ]
    for one in scope.reaches:
        most = "at most " if one.at_most else ""
        people = "" if one.people is None else f", people: {one.people}"
        sealed = f", sealed and unreadable: {one.unreadable}" if one.unreadable else ""
        lines.append(f"{one.table}: {most}{one.records} records{people}{sealed}")
    if scope.days or scope.days_gone:
        lines.append(
            f"Days readable: {scope.days}; days whose keys were destroyed before: {scope.days_gone}"
        )
    if scope.days_since_gone:
        lines.append(
            f"Days readable then and destroyed since, not counted: {scope.days_since_gone}"
        )
    if given.what in (Exposed.ACCOUNT, Exposed.API_KEY):
        lines.append(f"Reads in the ledger: {scope.reads}; sign-ins: {scope.sign_ins}")
    return lines


def _range(least: int, most: int) -> str:
    return str(most) if least == most else f"{least} to {most}"
