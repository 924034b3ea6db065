"""To whom a person's data went: told of a correction, erasure or restriction (GDPR Art. 19).

No connected system takes a change or an erasure from us, so each is a task: somebody does it in
that system, and ticks it off. WHOIS and the registrar are tasks as well (Art. 17(2)), and so is
everybody in the register of disclosures but authorities and courts: what they get in an inquiry
of theirs makes them no recipients (Art. 4(9)), and to write to them would be a disclosure more.
"""

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from connector.accounts.models import ConnectorAccount
from connector.contacts.kinds import TokenKind
from connector.contacts.shelf import CONTACTS
from connector.contacts.tokens import contacts_with
from connector.events_out.models import WebhookEndpoint
from connector.registrations.models import Registrant
from connector.registrations.seals import email_digest
from privacy.core.db.work import UnitOfWork
from privacy.disclosures.find import recipients_of as disclosed_to
from privacy.disclosures.find import views_by_id
from privacy.profiles import profile
from privacy.profiles.sharing import Ground
from privacy.subjects.holders import Subject
from privacy.vault.keyring import Keyring
from tenants.emails import folded

WHOIS = "whois"
ACCOUNT, ENDPOINT, DISCLOSURE = "account:", "endpoint:", "disclosure:"
_INQUIRING = frozenset({Ground.AUTHORITY, Ground.COURT})


def recipients_of(work: UnitOfWork, vault: Keyring, subject: Subject) -> Sequence[str]:
    """Names of steps: systems that have the person's contact, receivers of events with personal
    data, whom something was disclosed to, and the public register of domain owners."""
    return [
        *(f"{ACCOUNT}{one}" for one in _accounts(work, vault, subject)),
        *(f"{ENDPOINT}{one}" for one in _endpoints(work, subject)),
        *(f"{DISCLOSURE}{one}" for one in _disclosed(work, vault, subject)),
        *([WHOIS] if _is_published(work, vault, subject) else []),
    ]


def names_of(work: UnitOfWork, vault: Keyring, names: Sequence[str]) -> Mapping[str, str]:
    """What people call them, and where they are reached. Of a system that is disconnected, and of
    an entry that has ended, an id is all that is left."""
    ids = {name: uuid.UUID(name.partition(":")[2]) for name in names if ":" in name}
    found = select(ConnectorAccount.id, ConnectorAccount.name).where(
        ConnectorAccount.id.in_(ids.values())
    )
    accounts = {row[0]: row[1] for row in work.session.execute(found)}
    said = {
        name: accounts.get(one, "Receiver of events" if name.startswith(ENDPOINT) else str(one))
        for name, one in ids.items()
    }
    told = {f"{DISCLOSURE}{one}": who for one, who in _told(work, vault, names).items()}
    return said | told | {WHOIS: "WHOIS and the registrar"}


def _disclosed(work: UnitOfWork, vault: Keyring, subject: Subject) -> list[uuid.UUID]:
    """One entry of each recipient, the last one."""
    found = {
        (one.name, one.contact): one.disclosure_id
        for one in disclosed_to(work, vault, subject.person)
        if one.ground not in _INQUIRING
    }
    return list(found.values())


def _told(work: UnitOfWork, vault: Keyring, names: Sequence[str]) -> dict[uuid.UUID, str]:
    ids = [uuid.UUID(one.removeprefix(DISCLOSURE)) for one in names if one.startswith(DISCLOSURE)]
    views = views_by_id(work, vault, ids)
    return {one.id: ", ".join(filter(None, (one.recipient, one.contact))) for one in views}


def _accounts(work: UnitOfWork, vault: Keyring, subject: Subject) -> list[uuid.UUID]:
    words = ((TokenKind.EMAIL, folded(subject.email)), (TokenKind.PHONE, subject.phone))
    ids = {
        one
        for kind, word in words
        if word
        for one in contacts_with(work, vault, kind=kind, text=word)
    }
    c = CONTACTS.table.c
    mine = c.tenant_id == work.tenant_id
    found = select(c.account_id).where(mine, c.id.in_(ids), c.account_id.is_not(None)).distinct()
    return sorted(work.connection.execute(found).scalars())


def _endpoints(work: UnitOfWork, subject: Subject) -> list[uuid.UUID]:
    """Which event told of whom is not kept: whoever gets personal data may have got theirs."""
    if not subject.phone:
        return []
    found = select(WebhookEndpoint.id).where(
        WebhookEndpoint.include_personal, WebhookEndpoint.state == "active"
    )
    return sorted(work.session.scalars(found))


def _is_published(work: UnitOfWork, vault: Keyring, subject: Subject) -> bool:
    if not subject.email:
        return False
    digest = email_digest(work, vault, subject.email)
    services = select(Registrant.service).where(Registrant.email_digest == digest)
    return any(profile(key).disclosures.registry_fields for key in work.session.scalars(services))
