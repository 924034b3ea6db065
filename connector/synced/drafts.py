"""Received things on their way in: checked, stripped, named, and compared with what is stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from connector.accounts.refs import AccountRef
from connector.providers.port import Received
from connector.synced.declared import Declared
from connector.synced.kept import Kept, encode_kept
from connector.synced.refusals import RecordRefusal, refusal_of
from connector.synced.shelves import (
    Circumstances,
    Findings,
    Shelf,
    about_token,
    record_id,
    source_index,
)
from privacy.core.db.work import UnitOfWork
from privacy.vault.derivations import canonical
from privacy.vault.keyring import Keyring
from privacy.vault.keys import TenantIndex
from privacy.vault.labels import Index

DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class Draft:
    """One record that may be written. `digest` is keyed: equal only for equal content."""

    id: bytes
    source_version: int | None
    plain: bytes
    document: bytes
    digest: bytes
    about: int | None
    findings: Findings


@dataclass(frozen=True, slots=True)
class Drafts:
    """What may be written, each once; and ids of what is refused."""

    good: dict[bytes, Draft]
    refused: list[tuple[bytes, RecordRefusal]]


def draft_records(
    work: UnitOfWork,
    *,
    vault: Keyring,
    shelf: Shelf[Any],
    declared: Declared,
    account: AccountRef,
    stream: str,
    received: Sequence[Received],
) -> Drafts:
    """Of two with one external id the higher version stays, else the later one."""
    sources = source_index(work, vault)
    contents = vault.tenant_index(work, Index.CONTENT)
    seen = circumstances_of(work, account, declared)
    made = Drafts({}, [])
    for one in received:
        identifier = record_id(sources, shelf.kind, account.id, stream, one.external_id)
        refusal = refusal_of(shelf.shape, one)
        if refusal is not None:
            made.refused.append((identifier, refusal))
            continue
        known = made.good.get(identifier)
        if known is None or not is_older(one.version, known.source_version):
            record = declared.strip(one.record)
            findings = shelf.read(record, one.external_id, seen)
            kept: Kept[Any] = Kept(one.external_id, record, findings.numbers)
            plain = encode_kept(kept)
            made.good[identifier] = Draft(
                identifier,
                one.version,
                plain,
                one.document,
                digest_of(contents, identifier, plain, one.document),
                _about(sources, account, findings),
                findings,
            )
    return made


def circumstances_of(work: UnitOfWork, account: AccountRef, declared: Declared) -> Circumstances:
    """What the account's records are read in the light of."""
    month = account.settings.get("year_ends", 12)
    year_ends = month if isinstance(month, int) and 1 <= month <= 12 else 12
    return Circumstances(account.region, work.today, declared.obliged, year_ends)


def is_older(version: int | None, stored: int | None) -> bool:
    """Whether a version is below what is known; without versions the later one counts."""
    return version is not None and stored is not None and version < stored


def digest_of(index: TenantIndex, identifier: bytes, plain: bytes, document: bytes) -> bytes:
    """A commitment to the content of one record: equal contents of two records have two."""
    message = canonical(b"record", identifier, plain, document)
    return index.digest(message)[:DIGEST_BYTES]


def _about(index: TenantIndex, account: AccountRef, findings: Findings) -> int | None:
    if findings.about is None:
        return None
    kind, external_id = findings.about
    return about_token(index, account.id, kind, external_id)


def ids_of(drafts: Iterable[Draft]) -> list[bytes]:
    """Their ids, in order."""
    return [draft.id for draft in drafts]
