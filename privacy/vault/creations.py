"""New keys: on the ring and in escrow, or not at all."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from privacy.core import clock
from privacy.vault.custody import Custody
from privacy.vault.epoch_rows import hold_epoch
from privacy.vault.ring_rows import insert_rows
from privacy.vault.ring_versions import bump_version
from privacy.vault.wrapping import KeyKind, KeyName, KeyRow

SEAL, INDEX = "seal", "index"
"""The two keys of a tenant: one seals and is rotated, one makes lasting digests and is not."""

_BIND = text("SELECT set_config('app.tenant_id', :tenant, true)")


@contextmanager
def bound(engine: Engine, tenant_id: UUID) -> Iterator[Connection]:
    """A short transaction of the vault's own, bound to one tenant."""
    with engine.begin() as connection:
        connection.execute(_BIND, {"tenant": str(tenant_id)})
        yield connection


def create_keys(connection: Connection, custody: Custody, names: Sequence[KeyName]) -> list[KeyRow]:
    """Add keys for `names`; those that exist are left alone.

    The epoch stays current meanwhile, and escrow has every new key, read back, before the
    transaction can commit: a key that escrow does not have is on no ring and seals nothing.
    A crash in between leaves in escrow a key that no ring knows and nothing was sealed with.

    Returns:
        The added rows.

    Raises:
        EscrowFailed, KeyPortFailed, NoKey
    """
    epoch = hold_epoch(connection)
    wrapper, moment = custody.wrapper(epoch), clock.database_now(connection)
    added = insert_rows(connection, [wrapper.make(name, moment) for name in names])
    if added:
        custody.escrow.add(added, epoch, custody.port.read_epoch(epoch), moment)
        bump_version(connection)
    return added


def create_tenant_keys(engine: Engine, custody: Custody, tenant_id: UUID) -> None:
    """Give a new tenant its keys, in a transaction of their own; harmless when repeated.

    Call before the tenant's first sealed value, from the app role.
    """
    with bound(engine, tenant_id) as connection:
        create_keys(connection, custody, tenant_key_names(tenant_id))


def tenant_key_names(tenant_id: UUID) -> list[KeyName]:
    """Version 1 of a tenant's two keys."""
    return [KeyName(tenant_id, KeyKind.TENANT, "", data, None, 1) for data in (SEAL, INDEX)]
