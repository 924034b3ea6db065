"""Mails by owner and folder, in memory. `inbox+anything@example.com` is `inbox@example.com`'s."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from privacy.core import clock

INBOX = "INBOX"


@dataclass
class Kept:
    """One mail in a folder, with its number in it, which is never given twice."""

    uid: int
    data: bytes = field(repr=False)
    came_at: datetime
    flags: set[str] = field(default_factory=set)


@dataclass
class Folder:
    """Mails in the order in which they came."""

    mails: list[Kept] = field(default_factory=list)
    next_uid: int = 1

    def add(self, data: bytes, came_at: datetime, flags: set[str]) -> Kept:
        """One more."""
        kept = Kept(self.next_uid, data, came_at, set(flags))
        self.next_uid += 1
        self.mails.append(kept)
        return kept


@dataclass
class Post:
    """Everybody's folders. `password` opens all of them (empty: none does), and so does a token
    that `opened_by` knows."""

    password: str
    opened_by: Callable[[str], bool] = lambda _: False
    folders: dict[tuple[str, str], Folder] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def folder(self, owner: str, name: str) -> Folder:
        """One folder, made where there is none."""
        key = owner.lower(), INBOX if name.upper() == INBOX else name
        with self.lock:
            return self.folders.setdefault(key, Folder())

    def has(self, owner: str, name: str) -> bool:
        """Whether there is such a folder; everybody has an INBOX."""
        return name.upper() == INBOX or (owner.lower(), name) in self.folders

    def deliver(self, address: str, data: bytes, *, came_at: datetime | None = None) -> None:
        """A mail to an address, as its server notes it."""
        local, _, domain = address.lower().partition("@")
        owner = f"{local.partition('+')[0]}@{domain}"
        noted = b"Delivered-To: " + address.encode("ascii", "replace") + b"\r\n" + data
        with self.lock:
            self.folder(owner, INBOX).add(noted, came_at or clock.now(), set())
