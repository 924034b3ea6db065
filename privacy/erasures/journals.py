"""The journal in escrow: beside the keys, apart from every archive, one chain for each tenant.

Objects are `erasures/<tenant>/<number>` and `erasures/<tenant>/head`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest
from typing import Final
from uuid import UUID

from privacy.erasures.segments import BEGINNING, Head, Note, Segment, damaged, decode, encode
from privacy.vault.custody import Custody
from privacy.vault.errors import EscrowFailed
from privacy.vault.labels import Secret
from privacy.vault.stores import EscrowStore, delete_and_verify, put_and_read_back

_FOLDER: Final = "erasures/"
_PLACE: Final = re.compile(_FOLDER + r"(?P<tenant>[0-9a-f]{32})/(?P<part>head|[0-9]{10})")


@dataclass(frozen=True)
class Journal:
    """All tenants' chains. Whoever writes to one holds that tenant's row of `erasure_heads`."""

    store: EscrowStore
    key: bytes = field(repr=False)

    def tenants(self) -> list[UUID]:
        """Those that ever erased anything. Raises EscrowFailed."""
        return sorted({tenant_id for tenant_id, _ in self._places()})

    def lengths(self) -> dict[UUID, int]:
        """How many segments each chain has come to, by their names alone: one listing, however
        many tenants. Of what a killed export left beyond the head the names count, too.

        Raises:
            EscrowFailed: escrow does not answer, or something else lies in this place.
        """
        found: dict[UUID, int] = {}
        for tenant_id, part in self._places():
            if part != "head":
                found[tenant_id] = max(found.get(tenant_id, 0), int(part))
        return found

    def _places(self) -> Iterator[tuple[UUID, str]]:
        """Whose each object is, and which of theirs."""
        for name in self.store.names(_FOLDER):
            place = _PLACE.fullmatch(name)
            if place is None:
                raise damaged(f"{name!r} is not of its kind; move it elsewhere")
            yield UUID(place["tenant"]), place["part"]

    def head(self, tenant_id: UUID) -> Head | None:
        """Where a chain stands; None where there is none. Raises EscrowFailed."""
        content = self.store.get(_name(tenant_id, "head"))
        if content is None:
            if self.store.names(_name(tenant_id, "")):
                raise damaged("a head is missing")
            return None
        return decode(self.key, content, Head, tenant_id)[0]

    def segments(self, tenant_id: UUID) -> Iterator[Segment]:
        """Every segment of a chain, the oldest first, each verified. Raises EscrowFailed."""
        head = self.head(tenant_id)
        if head is None:
            return
        before = head.before_first
        for number in range(head.first, head.last + 1):
            content = self.store.get(_number(tenant_id, number))
            segment, mac = decode(self.key, content, Segment, tenant_id)
            if segment.number != number or not compare_digest(segment.before, before):
                raise damaged("its parts are out of order")
            before = mac
            yield segment
        if not compare_digest(before, head.mac):
            raise damaged("its end is another")

    def mac_of(self, tenant_id: UUID, number: int) -> bytes | None:
        """The MAC of a segment as the chain has it; None where it is too old to be in it, or the
        chain is shorter. Raises EscrowFailed."""
        head = self.head(tenant_id)
        if head is None or not head.first - 1 <= number <= head.last:
            return None
        if number == head.last:
            return head.mac
        if number < head.first:
            return head.before_first
        content = self.store.get(_number(tenant_id, number + 1))
        return decode(self.key, content, Segment, tenant_id)[0].before

    def add(self, tenant_id: UUID, notes: list[Note], now: datetime) -> Head:
        """Add a segment, then move the head; both are read back. A segment that a killed export
        left beyond the head is written over. Raises EscrowFailed."""
        head = self.head(tenant_id)
        number, before = (head.last + 1, head.mac) if head else (1, BEGINNING)
        content, mac = encode(self.key, Segment(tenant_id, number, before, now, notes))
        put_and_read_back(self.store, _number(tenant_id, number), content)
        first = (head.first, head.before_first) if head else (1, BEGINNING)
        moved = Head(tenant_id, *first, number, mac, now)
        self._move(moved)
        return moved

    def drop_before(self, tenant_id: UUID, moment: datetime) -> int:
        """Forget segments made before `moment`, but for the last. Returns how many went."""
        head, gone = self.head(tenant_id), 0
        while head is not None and head.first < head.last:
            name = _number(tenant_id, head.first)
            segment, mac = decode(self.key, self.store.get(name), Segment, tenant_id)
            if segment.made_at >= moment:
                break
            head = Head(tenant_id, head.first + 1, mac, head.last, head.mac, head.moved_at)
            self._move(head)
            delete_and_verify(self.store, name)
            gone += 1
        return gone

    def _move(self, head: Head) -> None:
        content, _ = encode(self.key, head)
        put_and_read_back(self.store, _name(head.tenant_id, "head"), content)


def open_journal(custody: Custody) -> Journal:
    """The journal beside the keys of `custody`. Raises EscrowFailed when its key is missing.

    The key is made with the first epoch (see privacy.vault.foundings); here only for an
    installation that was founded before there was a journal.
    """
    journal_key = custody.escrow.epochs.read_secret(Secret.ERASURES)
    if journal_key is None:
        if custody.escrow.bundles.names(_FOLDER):
            raise EscrowFailed("The key of the escrowed journal of erasures is missing.")
        journal_key = custody.escrow.epochs.make_secret(Secret.ERASURES)
    return Journal(custody.escrow.bundles, journal_key)


def _number(tenant_id: UUID, number: int) -> str:
    return _name(tenant_id, f"{number:010d}")


def _name(tenant_id: UUID, part: str) -> str:
    return f"{_FOLDER}{tenant_id.hex}/{part}"
