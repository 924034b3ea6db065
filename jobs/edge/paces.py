"""How slow the other end may be."""

from privacy.core.clock import monotonic


class Pace:
    """A purse of seconds: waiting spends them, bytes earn them back, never more than at first."""

    def __init__(self, seconds: float, rate: int) -> None:
        self._most = self._left = seconds
        self._rate = rate
        self._since = monotonic()

    def begin(self) -> float:
        """We wait for the other end from now on. Returns the seconds that it has."""
        self._since = monotonic()
        return max(0.0, self._left)

    def end(self, amount: int) -> None:
        """`amount` bytes went over since `begin`."""
        self._left -= monotonic() - self._since
        self._left = min(self._most, self._left + amount / self._rate)

    @property
    def idle(self) -> float:
        """Seconds since the other end last did something."""
        return monotonic() - self._since
