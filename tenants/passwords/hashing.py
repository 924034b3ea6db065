"""Argon2id, a few at a time.

Parameters: 19 MiB, two passes, one lane, the second of the equivalent minimum sets of OWASP's
Password Storage Cheat Sheet (RFC 9106 §4 explains the trade). The first set, 46 MiB and one
pass, defends as well and takes more than twice the memory bandwidth from everybody else on
the host while somebody signs in.

How many run at once is bounded, for a hash is the dearest thing that a stranger can make us do
(ATTACK 27). So is how many wait: threads that wait here would be missing elsewhere, and a flood
of sign-ins must not slow the rest of the service down. Whoever finds no place is asked to come
back in a moment.
"""

import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from privacy.core.errors import Unavailable

_LONGEST = 1024
"""Characters that are compared. Nobody has a longer password, and normalising costs time."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Argon2id's parameters; memory in KiB."""

    passes: int = 2
    memory: int = 19 * 1024
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the password was right, and whether its hash is of an older cost."""

    right: bool
    outdated: bool = False


class PasswordHashing:
    """Hashes and compares passwords, never more than `at_once` together in this process."""

    def __init__(
        self,
        *,
        at_once: int = 2,
        waiting: int | None = None,
        wait_seconds: float = 2.0,
        cost: Cost | None = None,
    ) -> None:
        """`waiting`: how many may wait for their turn, by default as many as hash."""
        cost = cost or Cost()
        self._hasher = PasswordHasher(
            time_cost=cost.passes,
            memory_cost=cost.memory,
            parallelism=cost.lanes,
            type=Type.ID,
        )
        self._places = threading.BoundedSemaphore(
            at_once + (at_once if waiting is None else waiting)
        )
        self._turns = threading.BoundedSemaphore(at_once)
        self._wait_seconds = wait_seconds
        self._dummy = self._hasher.hash(secrets.token_urlsafe(32))

    def hash(self, password: str) -> str:
        """The encoded hash, with salt and parameters.

        Raises:
            Unavailable: too many are signing in at this moment.
        """
        with self._turn():
            return self._hasher.hash(as_entered(password))

    def verify(self, encoded: str | None, password: str) -> Verdict:
        """Compare. None stands for a user who does not exist, and takes the same time to refuse.

        Raises:
            Unavailable: too many are signing in at this moment.
        """
        with self._turn():
            right = self._matches(encoded or self._dummy, password[:_LONGEST])
        if encoded is None or not right:
            return Verdict(right=False)
        return Verdict(right=True, outdated=self._hasher.check_needs_rehash(encoded))

    def _matches(self, encoded: str, password: str) -> bool:
        try:
            return self._hasher.verify(encoded, as_entered(password))
        except (VerificationError, InvalidHashError):
            return False

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with _taken(self._places, 0), _taken(self._turns, self._wait_seconds):
            yield


@contextmanager
def _taken(semaphore: threading.BoundedSemaphore, wait_seconds: float) -> Iterator[None]:
    if not semaphore.acquire(timeout=wait_seconds):
        raise Unavailable(
            "Many people are signing in right now. Try again in a few seconds.",
            retry_after=2,
        )
    try:
        yield
    finally:
        semaphore.release()


def as_entered(password: str) -> str:
    """NFKC: the same keys give the same password on every keyboard (NIST SP 800-63B §3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
