"""What another installation's keys made is made anew with this one's: ids, digests, tokens."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import msgspec
from sqlalchemy import select

from connector.accounts.models import ConnectorAccount
from connector.accounts.refs import AccountRef, ref_of
from connector.accounts.states import AccountState
from connector.contacts.kinds import TokenKind
from connector.exports.gather_people import identities
from connector.exports.rows import RowRead
from connector.inquiries.contents import contact_of, message_of
from connector.inquiries.seals import email_digest, telephone_digest
from connector.registrations import seals as registered
from connector.registrations.details import Details
from connector.synced.drafts import digest_of
from connector.synced.registry import SHELVES
from connector.synced.shelves import (
    Circumstances,
    Findings,
    Shelf,
    about_token,
    record_id,
    source_index,
)
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Misconfigured
from privacy.disclosures.shapes import Said
from privacy.identities.people import Person, read_person
from privacy.identities.shapes import Identity
from privacy.identities.tokens import tokens_of
from privacy.profiles import profile
from privacy.subjects.models import SubjectRequest
from privacy.subjects.words import UNDER_WAY, Phase, StepState
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Index

REGION: Final = "FI"


@dataclass
class Remade:
    """What a row gets besides its line.

    Args:
        words: what a contact is found by.
        tokens: what a register's entry is found by.
        identities: whose row it is, where a later word of theirs would keep it out.
    """

    values: dict[str, Any] = field(default_factory=dict)
    sealed: dict[str, bytes] = field(default_factory=dict)
    words: tuple[tuple[str, str], ...] = ()
    tokens: list[bytes] = field(default_factory=list)
    identities: list[Identity] = field(default_factory=list)


Remake = Callable[[UnitOfWork, Keyring, RowRead], Remade]


def remake(work: UnitOfWork, vault: Keyring, table: str, row: RowRead) -> Remade:
    """What `row` of `table` has here."""
    use = REMAKES.get(table)
    return use(work, vault, row) if use else Remade()


def _account(_work: UnitOfWork, _vault: Keyring, row: RowRead) -> Remade:
    """Credentials stay behind: somebody has to enter them before anything is read or taken."""
    if row.values["state"] in (AccountState.DRAFT.value, AccountState.DISABLED.value):
        return Remade()
    state = {"state": AccountState.NEEDS_REAUTH.value, "state_reason": "imported"}
    return Remade(state)


def _record(shelf: Shelf[Any], work: UnitOfWork, vault: Keyring, row: RowRead) -> Remade:
    kept = shelf.decode(row.sealed["sealed"])
    account, sources = _account_of(work, row.values["account_id"]), source_index(work, vault)
    findings = shelf.read(kept.record, kept.external_id, _circumstances(work, account))
    identifier: uuid.UUID = row.values["id"]
    values: dict[str, Any] = {"about_token": None}
    if account_id := row.values["account_id"]:
        stream = row.values["stream"]
        new = record_id(sources, shelf.kind, account_id, stream, kept.external_id)
        values["id"] = identifier = uuid.UUID(bytes=new)
        values["about_token"] = _about(sources, account_id, findings)
    contents = vault.tenant_index(work, Index.CONTENT)
    document = row.sealed.get("document_sealed", b"")
    plain = row.sealed["sealed"]
    values["content_digest"] = digest_of(contents, identifier.bytes, plain, document)
    emails = getattr(kept.record, "emails", ())
    words = [one for one in findings.words if one[0] != TokenKind.PHONE.value]
    words += [(TokenKind.PHONE.value, number) for number in kept.numbers]
    known = list(identities(emails, kept.numbers))
    return Remade(values, words=tuple(words), identities=known)


def _about(sources: Any, account_id: uuid.UUID, findings: Findings) -> int | None:
    if findings.about is None:
        return None
    return about_token(sources, account_id, *findings.about)


def _account_of(work: UnitOfWork, account_id: uuid.UUID | None) -> AccountRef | None:
    if account_id is None:
        return None
    row = work.session.scalar(select(ConnectorAccount).where(ConnectorAccount.id == account_id))
    return ref_of(row) if row else None


def _circumstances(work: UnitOfWork, account: AccountRef | None) -> Circumstances:
    return Circumstances(account.region if account else REGION, work.today)


def _inquiry(work: UnitOfWork, vault: Keyring, row: RowRead) -> Remade:
    contact = contact_of(row.sealed["contact_sealed"])
    region = _region(row.values["service"])
    digests: dict[str, Any] = {
        "email_digest": email_digest(work, vault, contact.email),
        "telephone_digest": telephone_digest(work, vault, contact.telephone, region=region),
    }
    return Remade(digests)


def _region(service: str) -> str:
    try:
        return profile(service).controller.country
    except Misconfigured:
        return REGION


def _message(work: UnitOfWork, vault: Keyring, row: RowRead) -> Remade:
    said = message_of(row.sealed["text_sealed"])
    return Remade({"sender_digest": email_digest(work, vault, said.sender)})


def _registrant(work: UnitOfWork, vault: Keyring, row: RowRead) -> Remade:
    if row.values["state"] == "closed":
        return Remade({"email_digest": None, "login_digest": None})
    details = msgspec.msgpack.decode(row.sealed["details_sealed"], type=Details)
    email = registered.email_digest(work, vault, details.email)
    login = registered.login_digest(work, vault, details.login)
    return Remade({"email_digest": email, "login_digest": login})


def _consent(work: UnitOfWork, vault: Keyring, row: RowRead) -> Remade:
    known = read_person(row.sealed["person_sealed"]).identities
    return Remade(tokens=tokens_of(work, vault, known), identities=known)


def _objection(work: UnitOfWork, vault: Keyring, row: RowRead) -> Remade:
    known = read_person(row.sealed["person_sealed"]).identities
    return Remade(tokens=tokens_of(work, vault, known))


def _disclosure(work: UnitOfWork, vault: Keyring, row: RowRead) -> Remade:
    said = msgspec.msgpack.decode(row.sealed["said_sealed"], type=Said)
    return Remade(tokens=list(dict.fromkeys(tokens_of(work, vault, said.person.identities))))


def _request(work: UnitOfWork, vault: Keyring, row: RowRead) -> Remade:
    person = read_person(row.sealed["person_sealed"])
    return Remade(
        {
            "email_token": _token(work, vault, person, "email"),
            "phone_token": _token(work, vault, person, "phone"),
        }
    )


def _token(work: UnitOfWork, vault: Keyring, person: Person, way: str) -> bytes | None:
    text = getattr(person, way)
    if not text:
        return None
    return tokens_of(work, vault, [getattr(Identity, way)(text)])[0]


def _step(work: UnitOfWork, _vault: Keyring, row: RowRead) -> Remade:
    """What was collected for somebody lies with the other installation: it is collected anew."""
    if row.values["phase"] != Phase.COLLECT.value:
        return Remade()
    asked = select(SubjectRequest.state).where(SubjectRequest.id == row.values["request_id"])
    if work.session.scalar(asked) not in {state.value for state in UNDER_WAY}:
        return Remade()
    return Remade({"state": StepState.WAITING.value, "done_at": None, "done_by": None})


def _restriction(_work: UnitOfWork, _vault: Keyring, _row: RowRead) -> Remade:
    """Where it leads is found anew each day (privacy.subjects.restricting)."""
    return Remade(sealed={"trail_sealed": msgspec.msgpack.encode([])})


REMAKES: Final[Mapping[str, Remake]] = {
    "connector_accounts": _account,
    **{shelf.table.name: partial(_record, shelf) for shelf in SHELVES.values()},
    "inquiries": _inquiry,
    "inquiry_messages": _message,
    "registrants": _registrant,
    "consents": _consent,
    "objections": _objection,
    "disclosures": _disclosure,
    "subject_requests": _request,
    "subject_steps": _step,
    "restrictions": _restriction,
}
