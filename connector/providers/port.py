"""The port of outside systems that are asked: one provider a vendor, one connection a run.

A provider knows its vendor and nothing of tenants, tables or jobs. It is handed what it needs
(credential, settings, the one client for the network, a lock) and hands back pages. Whoever
writes a sixth vendor implements `Provider` and `Connection`, and adds it to the registry.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from time import sleep
from typing import Any, Protocol

import msgspec

from connector.calls.shapes import IncomingCall
from connector.outbound.client import Outbound
from connector.synced.shapes import RecordKind, Shape

Cursor = Mapping[str, Any]
"""Where a stream was read to: JSON, the provider's own, never personal data."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One kind of thing that a system has. A failing stream leaves the others' progress."""

    name: str
    kind: RecordKind
    label: str


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One text of a credential, as the vendor calls it. Secret ones are never shown again.

    `simulator`: in development a simulator's address can be entered; a page offers the field, or
    anything besides its choices, only there.
    """

    name: str
    label: str
    secret: bool = True
    help: str = ""
    default: str = ""
    choices: tuple[str, ...] = ()
    simulator: bool = False


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """One thing as received and as mapped.

    `document` is what the mapping was made from, of declared fields only (JSON); it is kept
    sealed so that a better mapping can be run again. Of two with the same id the higher
    `version` wins; without versions the later one does.
    """

    external_id: str
    record: Shape | IncomingCall
    document: bytes = b""
    version: int | None = None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Some things, and the cursor that is saved in the same transaction.

    A sweep lists everything: `sweep_begins` on its first page, `sweep_ends` on its last; what the
    stream holds and no page between them brought is gone. An interrupted sweep goes on from its
    cursor, in a later run if need be.
    """

    received: tuple[Received, ...] = ()
    gone: tuple[str, ...] = ()
    """External ids that the system says it deleted."""
    cursor: Cursor = {}
    sweep_begins: bool = False
    sweep_ends: bool = False
    estimated: int | None = None
    """How many things the whole stream is expected to bring in this run, where that is known."""
    unread: int = 0
    """Values in it that made no sense and were left empty."""


class Discovery(msgspec.Struct, frozen=True, kw_only=True):
    """What a test call found: the outside account's own id, and what can be read."""

    external_key: str
    """Stable and unique: the same outside account cannot be added twice."""
    display_name: str = ""
    streams: tuple[str, ...] = ()
    """Names of streams that this credential may read."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a connection is opened with.

    Args:
        credential: texts by the names of `Provider.credential`.
        alone: enters the account's lock over all processes (one message at a time).
        renew: stores a rotated credential durably, at once, before the new one is used; raises
            when another process has renewed meanwhile.
        reread: the credential as it is stored now; for use within `alone`, where another process
            may have renewed it. None: nobody else does.
        patience: seconds for everything, while somebody waits: no pauses then. None: take your
            time.
        pause: how to wait between repetitions.
    """

    credential: Mapping[str, str] = field(repr=False)
    settings: Mapping[str, Any]
    outbound: Outbound = field(repr=False)
    alone: Callable[[], AbstractContextManager[object]] = field(repr=False)
    renew: Callable[[Mapping[str, str]], None] = field(repr=False)
    patience: float | None = None
    reread: Callable[[], Mapping[str, str]] | None = field(default=None, repr=False)
    pause: Callable[[float], None] = field(default=sleep, repr=False)


class Connection(Protocol):
    """One account, opened. All methods raise connector.outbound.failures.Failure only."""

    def discover(self) -> Discovery:
        """The test call: small, and enough to know that the credential works."""

    def read(self, stream: str, cursor: Cursor | None, *, now: datetime) -> Iterator[Page]:
        """Pages of a stream from a cursor on (None: from the beginning), each at most some
        hundred things, so that memory stays flat."""


class Provider(Protocol):
    """One vendor."""

    name: str
    """The same as its connector.accounts.kinds.AccountKind."""
    credential: tuple[CredentialField, ...]
    streams: tuple[Stream, ...]

    def check(self, credential: Mapping[str, str], settings: Mapping[str, Any]) -> None:
        """Look at what was entered, without network. Raises privacy.core.errors.Invalid with
        `fields`: what is wrong, and what to do."""

    def recipients(
        self, credential: Mapping[str, str], settings: Mapping[str, Any]
    ) -> tuple[str, ...]:
        """Base URLs that a connection will ask; the service's profile decides whether it may."""

    def connect(self, opening: Opening) -> Connection:
        """Open an account. No network yet."""

    def remap(self, stream: str, document: bytes) -> Received | None:
        """Map a kept document again; None where it makes no record (any more)."""
