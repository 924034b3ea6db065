"""The first epoch of an installation, and the installation's own keys."""

import os

from sqlalchemy import Connection, Engine, text

from privacy.core import clock
from privacy.core.db.locks import AdvisoryLock
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.vault.bundles import Bundle
from privacy.vault.creations import create_keys, tenant_key_names
from privacy.vault.custody import Custody
from privacy.vault.derivations import KEY_BYTES
from privacy.vault.epoch_rows import MAKE_CURRENT, current_epoch
from privacy.vault.errors import KeyCheckFailed
from privacy.vault.key_checks import write_check
from privacy.vault.labels import Secret

FOUNDING_LOCK = int(AdvisoryLock.FOUNDING)
_LOCK = text("SELECT pg_advisory_xact_lock(:lock)")


def found_ring(keeper: Engine, custody: Custody) -> bool:
    """Make the first epoch and the installation's keys; harmless when they are there.

    Returns:
        Whether this call founded the ring.

    Raises:
        KeyCheckFailed: the database is new and escrow is not: somebody's keys are in it.
    """
    with keeper.begin() as connection:
        connection.execute(_LOCK, {"lock": FOUNDING_LOCK})
        if current_epoch(connection) is not None:
            return False
        _refuse_foreign_keys(custody)
        _begin_epoch(connection, custody, 1)
        create_keys(connection, custody, tenant_key_names(INSTALLATION_ID))
        custody.escrow.epochs.make_secret(Secret.ERASURES)
    return True


def _begin_epoch(connection: Connection, custody: Custody, number: int) -> None:
    key, moment = os.urandom(KEY_BYTES), clock.database_now(connection)
    store_epoch(custody, number, key)
    connection.execute(MAKE_CURRENT, {"number": number, "moment": moment})
    write_check(connection, number, key)
    custody.escrow.put_bundle(Bundle(number, 0, moment, []), key)
    custody.forget()


def store_epoch(custody: Custody, number: int, key: bytes) -> None:
    """Put an epoch key into port and escrow, and believe it when both give it back."""
    custody.port.create_epoch(number, key)
    custody.escrow.epochs.create_epoch(number, key)
    same = custody.port.read_epoch(number) == custody.escrow.epochs.read_epoch(number) == key
    if not same:
        raise KeyCheckFailed("An epoch key did not come back from port and escrow as it was.")


def _refuse_foreign_keys(custody: Custody) -> None:
    """A founding that was killed leaves epoch 1 and nothing sealed; anything else is a ring."""
    epochs = {*custody.port.epochs(), *custody.escrow.epochs.epochs()}
    if epochs - {1} or _holds_more(custody):
        raise KeyCheckFailed(
            "The database has no key ring, and escrow has one. Run `silta keys restore` if it is "
            "this installation's; else move the keys and escrow folders away."
        )
    custody.port.destroy_epoch(1)
    custody.escrow.drop_epoch(1)


def _holds_more(custody: Custody) -> bool:
    """Whether escrow has keys other than the two that a killed founding can have left."""
    if 1 not in custody.escrow.epochs.epochs():
        return custody.escrow.has_ring(1)
    key = custody.escrow.epochs.read_epoch(1)
    bundle = custody.escrow.read_bundle(1, key)
    rows = custody.escrow.read_additions(1, key) + (bundle.rows if bundle else [])
    return any(row.tenant_id != INSTALLATION_ID for row in rows)
