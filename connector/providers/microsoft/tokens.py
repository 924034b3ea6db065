"""Access tokens of an account: kept in this process's memory, fetched once at a time.

A token is fetched anew fifteen minutes before it ends, and after a failure not again for half a
minute. Where a refresh token comes back, it is stored before the access token is used: whoever
crashes in between has lost nothing.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from connector.outbound.failures import Failure, FailureKind
from connector.providers.microsoft.credentials import MicrosoftCredentials, Places
from connector.providers.microsoft.grants import Grant, ask_token
from connector.providers.port import Opening
from privacy.core.clock import monotonic

AHEAD: Final = 15 * 60.0
PAUSE: Final = 30.0
_MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Held:
    token: str = field(repr=False)
    fresh_until: float
    ends: float


class TokenMemory:
    """Tokens of one process by the digest of what they were fetched with; nothing is written."""

    def __init__(self, *, time: Callable[[], float] = monotonic) -> None:
        self._time = time
        self._held: dict[bytes, _Held] = {}
        self._failed: dict[bytes, tuple[float, Failure]] = {}
        self._lock = threading.RLock()

    def find(self, key: bytes) -> str | None:
        """A token that lasts for a while."""
        with self._lock:
            held = self._held.get(key)
            return held.token if held and self._time() < held.fresh_until else None

    def check_pause(self, key: bytes) -> None:
        """Raise the failure of a moment ago again, with the rest of the pause."""
        with self._lock:
            until, failure = self._failed.get(key, (0.0, None))
        rest = until - self._time()
        if failure is not None and rest > 0:
            failure.retry_after = max(rest, 0.0)
            raise failure.with_traceback(None)

    def keep(self, key: bytes, grant: Grant) -> None:
        """Keep a token; one that lasts less than half an hour is renewed half-way."""
        now = self._time()
        fresh = max(grant.lasts - AHEAD, grant.lasts / 2)
        with self._lock:
            self._make_room(now)
            self._failed.pop(key, None)
            self._held[key] = _Held(grant.access_token, now + fresh, now + grant.lasts)

    def note_failure(self, key: bytes, failure: Failure) -> None:
        """Pause before the next question with the same credential."""
        with self._lock:
            self._make_room(self._time())
            self._failed[key] = (self._time() + max(PAUSE, failure.retry_after or 0.0), failure)

    def forget(self, key: bytes) -> None:
        """The other side does not accept it."""
        with self._lock:
            self._held.pop(key, None)

    def _make_room(self, now: float) -> None:
        if len(self._held) + len(self._failed) < _MOST:
            return
        self._held = {key: held for key, held in self._held.items() if held.ends > now}
        self._failed = {key: each for key, each in self._failed.items() if each[0] > now}
        if len(self._held) + len(self._failed) >= _MOST:
            self._held.clear()


class Tokens:
    """Bearer tokens for one opened account."""

    def __init__(self, opening: Opening, memory: TokenMemory) -> None:
        self._opening = opening
        self._memory = memory
        self._fields = opening.credential
        self._credentials = MicrosoftCredentials.of(opening.credential)
        self._login = Places.of(opening.credential).login

    def bearer(self, resource: str) -> str:
        """A token for the API at `resource`. Raises Failure."""
        found = self._memory.find(self._key(resource))
        return found if found is not None else self._fetch_alone(resource)

    def drop(self, resource: str) -> None:
        """Fetch anew next time."""
        self._memory.forget(self._key(resource))

    def _fetch_alone(self, resource: str) -> str:
        if not self._credentials.refresh_token:
            return self._fetch(resource)
        with self._opening.alone():
            self._read_again()
            found = self._memory.find(self._key(resource))
            return found if found is not None else self._fetch(resource)

    def _read_again(self) -> None:
        """Another process may have renewed the credential while we waited for the lock."""
        if self._opening.reread is not None:
            self._fields = self._opening.reread()
            self._credentials = MicrosoftCredentials.of(self._fields)

    def _fetch(self, resource: str) -> str:
        key = self._key(resource)
        self._memory.check_pause(key)
        outbound, credentials = self._opening.outbound, self._credentials
        try:
            grant = ask_token(outbound, self._login, credentials, resource=resource)
        except Failure as failure:
            if failure.kind is FailureKind.TRANSIENT:
                self._memory.note_failure(key, failure)
            raise
        self._renew(grant)
        self._memory.keep(self._key(resource), grant)
        return grant.access_token

    def _renew(self, grant: Grant) -> None:
        """Store what was rotated, before anything else is done with what came with it."""
        known = self._credentials
        if not known.refresh_token or grant.refresh_token in ("", known.refresh_token):
            return
        renewed = dict(self._fields) | {"refresh_token": grant.refresh_token}
        self._opening.renew(renewed)
        self._fields, self._credentials = renewed, MicrosoftCredentials.of(renewed)

    def _key(self, resource: str) -> bytes:
        return self._credentials.digest(self._login, resource)
