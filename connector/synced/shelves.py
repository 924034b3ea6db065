"""What the kinds of records do alike, and what each does in its own way."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

import msgspec
from sqlalchemy import Table

from connector.synced.columns import Doubt
from connector.synced.kept import Kept
from connector.synced.shapes import RecordKind, Shape
from privacy.core.db.work import UnitOfWork
from privacy.vault.derivations import canonical
from privacy.vault.keyring import Keyring
from privacy.vault.keys import TenantIndex
from privacy.vault.labels import Index, Scope
from privacy.vault.meanings import Place

S = TypeVar("S", bound=Shape)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a record is read in the light of.

    Args:
        region: ISO 3166 country that national numbers are from.
        today: for what says no day itself.
        obliged: whether the service's profile keeps this kind for a legal obligation.
        year_ends: month in which the tenant's financial year ends.
    """

    region: str
    today: date
    obliged: bool = False
    year_ends: int = 12


@dataclass(frozen=True, slots=True)
class Findings:
    """What reading a record showed.

    Args:
        about: kind and external id of what it is about, in the same account.
        numbers: telephone numbers in their one form.
        words: kind and text of what it is found by.
        hold_until: first day on which no law obliges to keep it any more.
        leads: external ids, or what stands for them, by which others are about it.
    """

    about: tuple[RecordKind, str] | None = None
    doubts: Doubt = Doubt.NONE
    numbers: tuple[str, ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    hold_until: date | None = None
    leads: tuple[str, ...] = ()


Words = Mapping[bytes, tuple[tuple[str, str], ...]]
"""What each of some records (by id) is found by."""


def keep_no_words(_work: UnitOfWork, _vault: Keyring, _words: Words) -> None:
    """For kinds that nobody searches."""


def as_it_is(record: S) -> S:
    """For kinds that are never held."""
    return record


@dataclass(frozen=True)
class Shelf(Generic[S]):
    """Where the records of one kind are kept, and how one is read.

    Args:
        word: the type in the meaning of its seals.
        personal: whether a profile must declare its fields (promise A12).
        books: what of a held record is shown: what the books need (promise B3).
        keep_words: stores what records are found by, in place of what was stored before.
    """

    kind: RecordKind
    table: Table
    scope: Scope
    word: str
    shape: type[S]
    decoder: msgspec.msgpack.Decoder[Kept[S]]
    read: Callable[[S, str, Circumstances], Findings]
    personal: bool = True
    books: Callable[[S], S] = as_it_is
    keep_words: Callable[[UnitOfWork, Keyring, Words], None] = keep_no_words

    def place(self, tenant_id: uuid.UUID, column: str = "sealed") -> Place:
        """Where its seals belong."""
        return Place(self.word, tenant_id, self.table.name, column)

    def decode(self, plain: bytes) -> Kept[S]:
        """What `encode_kept` made. Raises msgspec.DecodeError on anything else."""
        return self.decoder.decode(plain)


def record_id(
    index: TenantIndex, kind: RecordKind, account_id: uuid.UUID, stream: str, external_id: str
) -> bytes:
    """The 16 bytes of a record's id: a UUIDv8 (RFC 9562 §5.8) of a keyed digest."""
    names = (kind.encode(), account_id.bytes, stream.encode(), _bytes(external_id))
    digest = bytearray(index.digest(canonical(b"record", *names))[:16])
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return bytes(digest)


def about_token(
    index: TenantIndex, account_id: uuid.UUID, kind: RecordKind, external_id: str
) -> int:
    """What leads from a record to what it is about, whichever stream that came by."""
    names = (kind.encode(), account_id.bytes, _bytes(external_id))
    return int.from_bytes(index.digest(canonical(b"about", *names))[:8], "big", signed=True)


def source_index(work: UnitOfWork, vault: Keyring) -> TenantIndex:
    """The key of ids and of what leads from one record to another."""
    return vault.tenant_index(work, Index.SOURCE)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
