"""What one web process takes in, holds and waits for, at most (ATTACK 47)."""

from dataclasses import dataclass
from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, seconds and numbers. `threads` answer requests; the rest follows from them.

    A sender or reader has `patience` seconds to lose: each second costs one, and each `rate`
    bytes give one back, never above the beginning. So a whole body may take long, and a stalled
    one may not.
    """

    threads: int
    longest: int = 256 * MIB + 64 * KIB
    """The longest body of any route: files that exchanges upload."""
    whole: int = 10 * MIB + 64 * KIB
    """Up to here a body is in memory before a thread is taken; a longer one is read by blocks."""
    free: int = 64 * KIB
    """Of each body, what the common memory is not asked for: forms and single calls go on."""
    held: int = 128 * MIB
    """Bodies in memory, all together."""
    part: int = 64 * KIB
    """An answer that is longer than this is sent in parts."""
    fixed: int = MIB
    """... unless it says its length, and that is not more than this."""
    patience: float = 30.0
    rate: int = 16 * KIB
    stalled: float = 2.0
    """When memory is short, who has sent nothing for so long gives way."""
    lingering: float = 5.0
    """For the rest of a body that nobody reads, before the answer."""
    wait: float = 10.0
    """For a thread; then 503."""

    @property
    def streams(self) -> int:
        """Answers in parts at a time; each holds a database connection while it lasts."""
        return max(1, self.threads // 2)

    @property
    def uploads(self) -> int:
        """Long bodies at a time; each holds a thread while it arrives."""
        return max(1, self.threads // 4)
