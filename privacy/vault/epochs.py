"""The nightly epoch: every living key goes under a new epoch key, and the old one is destroyed.

A key row that was deleted stays in heap pages, the write-ahead log, replicas and archives. Once
the epoch key that wrapped it is gone, none of those copies opens anything (ATTACK 9). The run
may be killed at any point; the next run goes on from what it finds.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum

from sqlalchemy import Connection, Engine, text

from privacy.core import clock
from privacy.core.db.locks import AdvisoryLock
from privacy.vault.consolidations import consolidate
from privacy.vault.custody import Custody
from privacy.vault.derivations import KEY_BYTES
from privacy.vault.epoch_rows import MAKE_CURRENT, hold_epoch_alone, living_epochs
from privacy.vault.errors import KeyCheckFailed
from privacy.vault.foundings import store_epoch
from privacy.vault.key_checks import drop_check, write_check
from privacy.vault.rewraps import rewrap_ring
from privacy.vault.ring_versions import flush_caches

RUN_LOCK = int(AdvisoryLock.EPOCH)
_LOCK = text("SELECT pg_advisory_lock(:lock)")
_UNLOCK = text("SELECT pg_advisory_unlock(:lock)")
_ENDING = text("UPDATE key_epochs SET state = 'ending' WHERE number = :number")
_ENDED = text("UPDATE key_epochs SET state = 'ended', ended_at = :moment WHERE number = :number")


class Step(StrEnum):
    """Told after each durable step of an epoch, for progress and for tests that kill there."""

    STORED = "stored"
    SWITCHED = "switched"
    REWRAPPED = "rewrapped"
    ESCROWED = "escrowed"
    UNPORTED = "unported"
    DESTROYED = "destroyed"
    RECORDED = "recorded"


OnStep = Callable[[Step], None]


def _quietly(_step: Step) -> None:
    pass


def advance_epoch(
    keeper: Engine, custody: Custody, *, on_step: OnStep = _quietly, batch: int = 20_000
) -> int:
    """End the current epoch, after finishing what a killed run left.

    Returns:
        The epoch that is now current.

    Raises:
        EscrowFailed, KeyPortFailed: a place outside the database failed; nothing is lost, run
            again.
        KeyCheckFailed: escrow is ahead of the database: the ring must be restored first.
        OpenError: a key on the ring is damaged: restore the ring from escrow. Nothing was
            destroyed.
    """
    with _one_run_at_a_time(keeper):
        if len(epochs := _living(keeper)) > 1:
            # What was destroyed since that run began is wrapped by the epoch it made current, so
            # finishing it is not enough.
            _finish(keeper, custody, epochs, on_step, batch)
        _begin(keeper, custody, epochs[-1], on_step)
        epochs = _living(keeper)
        _finish(keeper, custody, epochs, on_step, batch)
    return epochs[-1]


def refill_escrow(keeper: Engine, custody: Custody, *, batch: int = 20_000) -> int:
    """Give escrow anew what port and database hold, when its folders were lost or moved.

    Returns:
        How many keys the bundle has.

    Raises:
        OpenError, KeyPortFailed: the port does not hold what the database needs.
    """
    with _one_run_at_a_time(keeper):
        epochs = _living(keeper)
        for number in epochs:
            custody.escrow.epochs.create_epoch(number, custody.port.read_epoch(number))
        if len(epochs) > 1:
            rewrap_ring(keeper, custody, epochs[-1], batch=batch, on_batch=lambda: None)
        return consolidate(keeper, custody, epochs[-1], batch=batch)


def _begin(keeper: Engine, custody: Custody, current: int, on_step: OnStep) -> None:
    number, key = current + 1, os.urandom(KEY_BYTES)
    _clear_left_overs(custody, number)
    store_epoch(custody, number, key)
    on_step(Step.STORED)
    with keeper.begin() as connection:
        hold_epoch_alone(connection)
        connection.execute(_ENDING, {"number": current})
        moment = clock.database_now(connection)
        connection.execute(MAKE_CURRENT, {"number": number, "moment": moment})
        write_check(connection, number, key)
    on_step(Step.SWITCHED)


def _finish(
    keeper: Engine, custody: Custody, epochs: list[int], on_step: OnStep, batch: int
) -> None:
    *ending, current = epochs
    rewrap_ring(keeper, custody, current, batch=batch, on_batch=lambda: on_step(Step.REWRAPPED))
    consolidate(keeper, custody, current, batch=batch)
    on_step(Step.ESCROWED)
    for old in ending:
        _destroy(keeper, custody, old, on_step)


def _clear_left_overs(custody: Custody, number: int) -> None:
    """A run killed before its switch leaves a key that wraps nothing; anything more is a ring."""
    if any(custody.escrow.has_ring(epoch) for epoch in (number, number + 1)):
        raise KeyCheckFailed("Escrow is ahead of the database. Run `silta keys restore` first.")
    custody.port.destroy_epoch(number)
    custody.escrow.drop_epoch(number)
    custody.forget()


def _destroy(keeper: Engine, custody: Custody, old: int, on_step: OnStep) -> None:
    custody.forget()
    custody.port.destroy_epoch(old)
    on_step(Step.UNPORTED)
    custody.escrow.drop_epoch(old)
    on_step(Step.DESTROYED)
    with keeper.begin() as connection:
        moment = clock.database_now(connection)
        connection.execute(_ENDED, {"number": old, "moment": moment})
        drop_check(connection, old)
        flush_caches(connection)
    on_step(Step.RECORDED)


def _living(keeper: Engine) -> list[int]:
    with keeper.begin() as connection:
        epochs = living_epochs(connection)
    if not epochs:
        raise KeyCheckFailed("The key ring is not founded. Run `silta migrate`.")
    return epochs


@contextmanager
def _one_run_at_a_time(keeper: Engine) -> Iterator[Connection]:
    """A lock of the connection, so that it ends with a killed run."""
    with keeper.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(_LOCK, {"lock": RUN_LOCK})
        try:
            yield connection
        finally:
            connection.execute(_UNLOCK, {"lock": RUN_LOCK})
