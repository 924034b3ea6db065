"""How the ring has changed: the number that caches and bundles compare."""

from typing import NamedTuple

from sqlalchemy import Connection, text

from privacy.core.db.questions import Question
from privacy.core.db.work import UnitOfWork

_SELECT = "SELECT version, flushed FROM key_ring_version"
_READ = text(_SELECT)
_BUMP = text("UPDATE key_ring_version SET version = version + 1")
_FLUSH = text("UPDATE key_ring_version SET version = version + 1, flushed = version + 1")
_RAISE = text(
    "UPDATE key_ring_version SET version = greatest(version, :least) + 1, "
    "flushed = greatest(version, :least) + 1"
)


class RingVersion(NamedTuple):
    """`version` counts every change; a change of `flushed` makes cached keys unusable."""

    version: int
    flushed: int


VERSION = Question(RingVersion, _SELECT)
"""What the first use of a key in a transaction asks; worth foreseeing."""


def read_version(connection: Connection) -> RingVersion:
    """The ring's version as this transaction sees it."""
    return RingVersion(*connection.execute(_READ).one())


def version_seen(work: UnitOfWork) -> RingVersion:
    """The ring's version as this unit of work sees it."""
    return work.ask(VERSION) or RingVersion(0, 0)


def bump_version(connection: Connection) -> None:
    """A key was added. Last in its transaction, for others wait on this row."""
    connection.execute(_BUMP)


def flush_caches(connection: Connection) -> None:
    """A key was destroyed or replaced: from its commit on nobody uses what they remember."""
    connection.execute(_FLUSH)


def raise_version(connection: Connection, *, least: int) -> None:
    """After a restore: no process may take an old ring for the new one."""
    connection.execute(_RAISE, {"least": least})
