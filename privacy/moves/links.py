"""A link: what commits on one side is done again on the other, by PostgreSQL itself.

Logical replication carries rows and nothing else: no schema, no sequences, no partitions, and
under row-level security silently nothing. So both ends belong to a role that passes by it, tables
arrive as themselves and not as their partitions, and everything is made step by step, each of
which looks first whether it was made: a killed run is repeated.
"""

from dataclasses import dataclass
from enum import StrEnum
from time import sleep
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from privacy.backups.tallies import NEVER_ARCHIVED
from privacy.core import clock
from privacy.moves.errors import MoveRefused, SwitchTooSlow
from privacy.moves.orders import order
from privacy.moves.sides import Side

KEPT_OUT: Final = (*NEVER_ARCHIVED, "alembic_version")
"""Keys come from escrow, the mark from the switch, the revision from the migrations."""
_PAUSE: Final = 0.02
_TRIES: Final = 250
_TABLES = text(
    "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition "
    "AND c.relnamespace = 'public'::regnamespace AND NOT c.relname = ANY (:kept_out) "
    "ORDER BY c.relname"
)
_PUBLISHED = text("SELECT EXISTS (SELECT FROM pg_publication WHERE pubname = :name)")
_SLOT = text("SELECT active_pid FROM pg_replication_slots WHERE slot_name = :name")
_RESERVE = text("SELECT pg_create_logical_replication_slot(:name, 'pgoutput')")
_RELEASE = text("SELECT pg_drop_replication_slot(:name)")
_TAKEN = text(
    "SELECT s.subenabled, s.subslotname FROM pg_subscription s JOIN pg_database d "
    "ON d.oid = s.subdbid WHERE d.datname = current_database() AND s.subname = :name"
)
_NOTED = text(
    "SELECT obj_description(oid, 'pg_subscription') FROM pg_subscription WHERE subname = :name"
)
_PROGRESS = text(
    "SELECT count(*) AS tables, count(*) FILTER (WHERE r.srsubstate = 'r') AS ready "
    "FROM pg_subscription_rel r JOIN pg_subscription s ON s.oid = r.srsubid "
    "WHERE s.subname = :name"
)
_TROUBLES = text(
    "SELECT apply_error_count + sync_error_count FROM pg_stat_subscription_stats "
    "WHERE subname = :name"
)
_HERE = text("SELECT pg_current_wal_lsn()::text")
_REFRESH: Final = "ALTER SUBSCRIPTION {} REFRESH PUBLICATION WITH (copy_data = false)"
_REFRESH_AND_COPY: Final = "ALTER SUBSCRIPTION {} REFRESH PUBLICATION WITH (copy_data = true)"
_BEHIND = text(
    "SELECT pg_wal_lsn_diff(coalesce(CAST(:mark AS pg_lsn), pg_current_wal_lsn()), "
    "confirmed_flush_lsn)::bigint FROM pg_replication_slots WHERE slot_name = :name"
)


class LinkState(StrEnum):
    """`settled`: everything arrived and was compared; it carries nothing any more."""

    NONE = "none"
    LIVE = "live"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the first copy is, how many bytes of the log wait, and what went wrong on the way."""

    tables: int
    ready: int
    behind: int
    troubles: int

    @property
    def in_step(self) -> bool:
        """Whether every table is copied, and little waits."""
        return 0 < self.tables == self.ready and self.behind < 1 << 20


@dataclass(frozen=True, slots=True)
class Link:
    """From `giver` to `taker`; `name` is publication, slot and subscription."""

    name: str
    giver: Side
    taker: Side

    def lay(self, *, copy: bool) -> None:
        """Make what is missing. `copy`: the rows that are there, too."""
        with self.giver.owner() as owner, self.giver.mover() as mover:
            self._publish(owner)
            if mover.execute(_SLOT, self._named).first() is None:
                mover.execute(_RESERVE, self._named)
        with self.taker.mover() as mover:
            self._subscribe(mover, copy=copy)

    def state(self) -> LinkState:
        """Asked of the catalogue, which nobody forgets."""
        with self.taker.mover() as mover:
            found = mover.execute(_TAKEN, self._named).first()
        if found is None:
            return LinkState.NONE
        return LinkState.LIVE if found.subslotname else LinkState.SETTLED

    def progress(self) -> Progress:
        """How far it is."""
        with self.taker.mover() as mover:
            done = mover.execute(_PROGRESS, self._named).one()
            troubles = mover.execute(_TROUBLES, self._named).scalar() or 0
        return Progress(done.tables, done.ready, self.behind(None), troubles)

    def here(self) -> str:
        """Where the giver's log stands."""
        with self.giver.mover() as mover:
            return str(mover.execute(_HERE).scalar_one())

    def behind(self, mark: str | None) -> int:
        """Bytes of the log up to `mark`, or its end, that the taker has not stored."""
        with self.giver.mover() as mover:
            found = mover.execute(_BEHIND, self._named | {"mark": mark}).scalar()
        return 1 << 62 if found is None else max(int(found), 0)

    def await_mark(self, mark: str, *, until: float) -> None:
        """Until the taker has everything up to `mark`. Raises SwitchTooSlow."""
        while self.behind(mark) and clock.monotonic() < until:
            sleep(_PAUSE)
        if self.behind(mark) or not self.progress().in_step:
            raise SwitchTooSlow

    def note(self, words: str) -> None:
        """Keep a note on the link itself: neither side's rows change by it."""
        with self.taker.mover() as mover:
            order(mover, "COMMENT ON SUBSCRIPTION {} IS {said}", self.name, said=words)

    def noted(self) -> str:
        """The note that was kept; empty if none was."""
        with self.taker.mover() as mover:
            return str(mover.execute(_NOTED, self._named).scalar() or "")

    def settle(self) -> None:
        """Carry nothing any more, and keep nothing of the log for it."""
        with self.taker.mover() as mover:
            order(mover, "ALTER SUBSCRIPTION {} DISABLE", self.name)
            order(mover, "ALTER SUBSCRIPTION {} SET (slot_name = NONE)", self.name)
        self._release()

    def remove(self) -> None:
        """Leave nothing of it, however far it came."""
        if self.state() is LinkState.LIVE:
            self.settle()
        with self.taker.mover() as mover:
            order(mover, "DROP SUBSCRIPTION IF EXISTS {}", self.name)
        self._release()
        with self.giver.owner() as owner:
            order(owner, "DROP PUBLICATION IF EXISTS {}", self.name)

    @property
    def _named(self) -> dict[str, object]:
        return {"name": self.name}

    def _publish(self, owner: Connection) -> None:
        if owner.execute(_PUBLISHED, self._named).scalar_one():
            return
        order(
            owner,
            "CREATE PUBLICATION {} FOR TABLE {tables} "
            "WITH (publish = 'insert, update, delete', publish_via_partition_root = true)",
            self.name,
            tables=published_tables(owner),
        )

    def _subscribe(self, mover: Connection, *, copy: bool) -> None:
        """The slot is there already, so a killed run leaves none behind that nobody knows."""
        if mover.execute(_TAKEN, self._named).first() is None:
            order(
                mover,
                "CREATE SUBSCRIPTION {} CONNECTION {route} PUBLICATION {} "
                "WITH (connect = false, run_as_owner = true, streaming = off)",
                self.name,
                self.name,
                route=self.giver.conninfo,
            )
        order(mover, "ALTER SUBSCRIPTION {} ENABLE", self.name)
        try:
            order(mover, _REFRESH_AND_COPY if copy else _REFRESH, self.name)
        except OperationalError:
            raise MoveRefused(
                "The taking server does not reach the giving one with its mover's URL."
            ) from None

    def _release(self) -> None:
        """Whoever still sends through it is gone in a moment."""
        for attempt in range(_TRIES):
            with self.giver.mover() as mover:
                if mover.execute(_SLOT, self._named).first() is None:
                    return
                try:
                    mover.execute(_RELEASE, self._named)
                except OperationalError:
                    if attempt == _TRIES - 1:
                        raise
            sleep(_PAUSE)


def published_tables(connection: Connection) -> list[str]:
    """Everything that travels, partitioned tables as one."""
    found = connection.execute(_TABLES, {"kept_out": list(KEPT_OUT)})
    return list(found.scalars())
