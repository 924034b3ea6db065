"""What a ciphertext means, as associated data: moved elsewhere, it does not open (ATTACK 2, 4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from privacy.vault.derivations import canonical

_FORMAT = b"silta sealed 1"


@dataclass(frozen=True, slots=True)
class Place:
    """A column of one tenant's table. Bulk code makes it once and asks for many rows.

    Args:
        type: what the value is (`call`, `credential` …), as its reader understands it.
    """

    type: str
    tenant_id: UUID
    table: str
    column: str

    def aads(self, row_ids: Iterable[bytes], versions: Iterable[int]) -> list[bytes]:
        """Associated data of many rows, in order."""
        prefix = self._prefix()
        return [
            prefix + version.to_bytes(8, "big") + len(row_id).to_bytes(4, "big") + row_id
            for row_id, version in zip(row_ids, versions, strict=True)
        ]

    def aads_of_version(self, row_ids: Sequence[bytes], version: int) -> list[bytes]:
        """Associated data of many rows that have one version."""
        prefix = self._prefix() + version.to_bytes(8, "big")
        heads = {length: prefix + length.to_bytes(4, "big") for length in set(map(len, row_ids))}
        return [heads[len(row_id)] + row_id for row_id in row_ids]

    def row(self, row_id: bytes | UUID, version: int = 0) -> "Meaning":
        """The meaning of one row's value."""
        return Meaning(self.type, self.tenant_id, self.table, row_id, self.column, version)

    def _prefix(self) -> bytes:
        names = (self.type.encode(), self.tenant_id.bytes, self.table.encode())
        # The version that follows has a fixed length of 8 bytes.
        return canonical(_FORMAT, *names, self.column.encode()) + b"\x00\x00\x00\x08"


@dataclass(frozen=True, slots=True)
class Meaning:
    """One value: type, tenant, table, row, column and the row's version (0 where it has none)."""

    type: str
    tenant_id: UUID
    table: str
    row_id: bytes | UUID
    column: str
    version: int = 0

    def aad(self) -> bytes:
        """Canonical bytes; two meanings that differ anywhere differ here."""
        row = self.row_id.bytes if isinstance(self.row_id, UUID) else self.row_id
        place = Place(self.type, self.tenant_id, self.table, self.column)
        return place.aads((row,), (self.version,))[0]
