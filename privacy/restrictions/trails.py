"""What leads to records of restricted people that name nobody: sealed, noted anew each day."""

from collections.abc import Iterable

import msgspec

from privacy.core.db.work import UnitOfWork
from privacy.restrictions.models import TRAIL_TYPE, Restriction
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Scope
from privacy.vault.meanings import Meaning


def put_trail(work: UnitOfWork, vault: Keyring, row: Restriction, leads: Iterable[int]) -> None:
    """Seal these as the row's next version."""
    row.trail_version = (row.trail_version or 0) + 1
    plain = msgspec.msgpack.encode(sorted(set(leads)))
    row.trail_sealed = vault.seal(work, Scope.REGISTERS, _meaning(row), plain)


def open_trail(work: UnitOfWork, vault: Keyring, row: Restriction) -> set[int]:
    """What was noted last. Raises OpenError."""
    opened = vault.open(work, Scope.REGISTERS, _meaning(row), row.trail_sealed)
    return set(msgspec.msgpack.decode(opened, type=list[int]))


def _meaning(row: Restriction) -> Meaning:
    table, column = "restrictions", "trail_sealed"
    return Meaning(TRAIL_TYPE, row.tenant_id, table, row.id, column, row.trail_version)
