"""One tenant's keys in use: every scope of every version that may still open."""

from collections.abc import Callable, Iterable

from privacy.vault.creations import INDEX, SEAL
from privacy.vault.errors import FloorRefused, NoKey, OpenError
from privacy.vault.floors import Floors
from privacy.vault.keys import ScopeKey, TenantIndex
from privacy.vault.labels import Index, Scope
from privacy.vault.leases import Lease
from privacy.vault.wrapping import KeyRow

Opened = tuple[KeyRow, bytes]
"""A row and the key unwrapped from it."""


class TenantKeys:
    """Derives all scopes at once, so that the tenant key itself need not be kept."""

    def __init__(
        self, opened: Iterable[Opened], floors: Floors, lease: Callable[[KeyRow], Lease]
    ) -> None:
        self._floors = floors
        self._scopes: dict[tuple[bytes, Scope], ScopeKey] = {}
        self._ids: dict[int, bytes] = {}
        self._indexes: dict[Index, TenantIndex] = {}
        for row, key in opened:
            if row.data == SEAL:
                self._add_version(row, key, lease(row))
            elif row.data == INDEX:
                self._indexes = {kind: TenantIndex(key, kind) for kind in Index}
        if not self._ids or not self._indexes:
            raise NoKey

    @property
    def latest(self) -> int:
        """The version that seals unless another is asked for."""
        return max(self._ids)

    def index(self, kind: Index) -> TenantIndex:
        """Digests of one kind."""
        return self._indexes[kind]

    def sealing(self, scope: Scope, version: int | None = None) -> ScopeKey:
        """The latest version's key, or `version`'s where the floors allow it.

        Raises:
            FloorRefused: this version seals nothing any more, or does not exist.
        """
        version = version or self.latest
        if version not in self._ids or not self._floors.may_seal(version, self.latest):
            raise FloorRefused("This key version seals nothing any more.")
        return self._scopes[self._ids[version], scope]

    def opening(self, scope: Scope, key_id: bytes) -> ScopeKey:
        """The key with `key_id`. Raises OpenError when there is none that may open."""
        key = self._scopes.get((key_id, scope))
        if key is None or not self._floors.may_open(key.version):
            raise OpenError
        return key

    def _add_version(self, row: KeyRow, key: bytes, lease: Lease) -> None:
        self._ids[row.version] = row.key_id
        for scope in Scope:
            made = ScopeKey(row.key_id, key, scope, row.version, lease)
            self._scopes[row.key_id, scope] = made
