"""Rotate root and tenant keys without downtime."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from privacy.vault.creations import SEAL, create_keys
from privacy.vault.custody import Custody
from privacy.vault.destructions import destroy_versions
from privacy.vault.epoch_rows import hold_epoch
from privacy.vault.errors import NoKey, StillNeeded
from privacy.vault.floor_rows import read_floors, write_floors
from privacy.vault.floors import Floors
from privacy.vault.ring_versions import flush_caches
from privacy.vault.wrapping import KeyKind, KeyName

_LATEST = text(
    "SELECT max(version) FROM key_ring "
    "WHERE tenant_id = :tenant AND kind = 'tenant' AND data = 'seal'"
)


def rotate_root(custody: Custody) -> int:
    """Wrap port and escrow under the newest root key; harmless when repeated or killed.

    Add a version to the root key file first (`add_root_version`), restart every process, then
    run this; afterwards the older versions may go (`drop_old_roots`).

    Returns:
        How many epoch keys were rewrapped.
    """
    return custody.port.rewrap_epochs() + custody.escrow.epochs.rewrap_epochs()


def rotate_tenant(keeper: Engine, custody: Custody, *, tenant_id: UUID) -> int:
    """Give a tenant a new version of its key; from now on it seals. Old values stay readable.

    Returns:
        The new version. Re-seal next (see reseals).

    Raises:
        NoKey: the tenant has no keys.
        EscrowFailed: nothing changed.
    """
    with keeper.begin() as connection:
        version = latest_version(connection, tenant_id) + 1
        name = KeyName(tenant_id, KeyKind.TENANT, "", SEAL, None, version)
        if not create_keys(connection, custody, [name]):
            raise NoKey("Somebody else is rotating this tenant. Try again.")
        flush_caches(connection)
    return version


def set_floors(
    keeper: Engine, *, tenant_id: UUID, min_open: int | None = None, min_seal: int | None = None
) -> Floors:
    """Change which versions open and seal. Raises FloorRefused, NoKey."""
    with keeper.begin() as connection:
        hold_epoch(connection)
        latest = latest_version(connection, tenant_id)
        floors = read_floors(connection, tenant_id)
        floors = floors.raised(latest=latest, open=min_open, seal=min_seal)
        write_floors(connection, tenant_id, floors)
        flush_caches(connection)
    return floors


def trim_versions(
    keeper: Engine, *, tenant_id: UUID, min_available: int, dependants: Collection[int] = ()
) -> int:
    """Destroy versions below `min_available`; they never come back.

    Args:
        dependants: versions that values are still sealed under (see reseals.find_dependants).

    Returns:
        How many went.

    Raises:
        StillNeeded: a dependant is below; re-seal first.
        FloorRefused: raise the floors for opening and sealing first.
    """
    if any(version < min_available for version in dependants):
        raise StillNeeded
    with keeper.begin() as connection:
        hold_epoch(connection)
        latest = latest_version(connection, tenant_id)
        floors = read_floors(connection, tenant_id)
        floors = floors.raised(latest=latest, available=min_available)
        write_floors(connection, tenant_id, floors)
        return destroy_versions(connection, tenant_id=tenant_id, below=min_available)


def latest_version(connection: Connection, tenant_id: UUID) -> int:
    """The newest version of a tenant's key. Raises NoKey."""
    version: int | None = connection.execute(_LATEST, {"tenant": tenant_id}).scalar()
    if version is None:
        raise NoKey
    return version
