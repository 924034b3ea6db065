"""Addresses that lead back to a matter: `inbox+<word>@…`, the word keyed and unguessable.

The word is made from the tenant's key and the matter, so the same matter always has the same
address and nothing has to be kept but a digest that finds the tenant. 160 bits in base 32: mail
servers may fold case, and a local part has at most 64 characters (RFC 5321 §4.5.3.1.1).
"""

import hashlib
import re
import uuid
from base64 import b32encode
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine, Select, delete, select
from sqlalchemy.dialects.postgresql import insert

from privacy.core.db.work import UnitOfWork, lookup
from privacy.mailboxes.models import MailAddress
from privacy.mailboxes.purposes import MailPurpose
from privacy.mailboxes.shapes import Incoming
from privacy.vault.derivations import canonical
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Index

_BYTES: Final = 20
_WORD: Final = re.compile(r"\+([a-z2-7]{32})@")
_MOST: Final = 30
"""Candidates of one mail that are looked up."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What an address was made for."""

    tenant_id: uuid.UUID
    purpose: MailPurpose
    about: uuid.UUID


def address_for(
    work: UnitOfWork, vault: Keyring, *, mailbox: str, purpose: MailPurpose, about: uuid.UUID
) -> str:
    """The address at which mails about one matter of the bound tenant arrive; always the same.

    Args:
        mailbox: the mailbox's own address (SILTA_IMAP_ADDRESS); it takes `+word` addresses.
    """
    name = canonical(purpose.value.encode(), about.bytes)
    drawn = vault.tenant_index(work, Index.MAILBOX).digest(name)[:_BYTES]
    word = b32encode(drawn).decode().lower()
    _remember(work, _digest_of_word(word), purpose, about)
    local, _, domain = mailbox.rpartition("@")
    return f"{local}+{word}@{domain}"


def expect_answers(
    work: UnitOfWork, *, purpose: MailPurpose, about: uuid.UUID, mail_id: uuid.UUID
) -> None:
    """Let replies to a mail of ours, and its bounces, lead to the matter by its Message-ID too."""
    _remember(work, _digest_of_mail(mail_id), purpose, about)


def forget_addresses(work: UnitOfWork, *, about: Collection[uuid.UUID] | Select[uuid.UUID]) -> None:
    """The matters are over: their addresses lead nowhere."""
    mine = MailAddress.tenant_id == work.tenant_id
    work.connection.execute(delete(MailAddress).where(mine, MailAddress.about.in_(about)))


def find_matter(engine: Engine, mail: Incoming) -> Matter | None:
    """What a mail is about: by its addresses first, else by what it replies to."""
    for digest in _candidates(mail):
        with lookup(engine, digest=digest) as session:
            row = session.scalar(select(MailAddress).where(MailAddress.digest == digest))
        if row is not None and row.purpose in set(MailPurpose):
            return Matter(row.tenant_id, MailPurpose(row.purpose), row.about)
    return None


def _candidates(mail: Incoming) -> list[bytes]:
    found = [*map(_digest_of_word, _words(mail)), *map(_digest_of_mail, mail.answers)]
    return list(dict.fromkeys(found))[:_MOST]


def _words(mail: Incoming) -> Iterator[str]:
    for address in mail.addresses:
        matched = _WORD.search(address)
        if matched is not None:
            yield matched[1]


def _remember(work: UnitOfWork, digest: bytes, purpose: MailPurpose, about: uuid.UUID) -> None:
    row = {
        "tenant_id": work.tenant_id,
        "digest": digest,
        "purpose": purpose.value,
        "about": about,
        "created_at": work.now,
    }
    work.connection.execute(insert(MailAddress).values(row).on_conflict_do_nothing())


def _digest_of_word(word: str) -> bytes:
    return hashlib.sha256(b"address\0" + word.encode()).digest()


def _digest_of_mail(mail_id: uuid.UUID) -> bytes:
    return hashlib.sha256(b"mail\0" + mail_id.bytes).digest()
