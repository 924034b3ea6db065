"""Minimum versions of a rotated key, with the orderings of Vault's transit engine (ATTACK 7).

    0 <= available <= open <= seal <= latest

where `seal` 0 means "always the latest" (it then bounds nothing). Versions below `available` are
removed and never come back, so it is only raised, and only once `open` and `seal` are set.
"""

from dataclasses import dataclass, replace

from privacy.vault.errors import FloorRefused


@dataclass(frozen=True, slots=True)
class Floors:
    """The lowest version that exists, that opens, and that seals."""

    available: int = 0
    open: int = 1
    seal: int = 0

    def may_open(self, version: int) -> bool:
        """Whether values sealed under `version` are still read."""
        return version >= max(self.open, self.available)

    def may_seal(self, version: int, latest: int) -> bool:
        """Whether `version` may seal something new."""
        return max(self.seal or latest, self.available) <= version <= latest

    def raised(
        self,
        *,
        latest: int,
        available: int | None = None,
        open: int | None = None,  # noqa: A002
        seal: int | None = None,
    ) -> "Floors":
        """These floors with some of them changed.

        Raises:
            FloorRefused: the orderings above would break; nothing changes.
        """
        wanted = replace(
            self,
            available=self.available if available is None else available,
            open=self.open if open is None else open,
            seal=self.seal if seal is None else seal,
        )
        _check_use(wanted, latest)
        if available is not None:
            _check_trim(wanted, self)
        return wanted


def _check_use(wanted: Floors, latest: int) -> None:
    if not max(1, wanted.available) <= wanted.open <= latest:
        raise FloorRefused("The lowest version that opens must exist.")
    if wanted.seal and not max(wanted.open, wanted.available) <= wanted.seal <= latest:
        raise FloorRefused("The lowest version that seals must exist, and open.")


def _check_trim(wanted: Floors, before: Floors) -> None:
    if wanted.available <= 0 or wanted.available < before.available:
        raise FloorRefused("What was removed does not come back: this floor only rises.")
    if not wanted.seal:
        raise FloorRefused("Set the lowest version that seals before removing versions.")
