"""Before two years are over the person is asked, once, whether contact data may be kept (B2).

Yes keeps how to reach them, and never what was said. No erases everything at once; silence does so
on the thread's last day.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import msgspec
from sqlalchemy import Select, delete, select

from connector.inquiries.channels import Channel
from connector.inquiries.erase import erase_inquiry
from connector.inquiries.keeping import KIND, TWO_YEARS
from connector.inquiries.models import Inquiry, InquiryLog, InquiryMessage
from connector.inquiries.seals import open_contact, seal_contact
from connector.inquiries.states import InquiryState
from privacy.consents.give import give_consent
from privacy.consents.purposes import ConsentPurpose
from privacy.consents.shapes import ConsentChannel, GivenConsent, Wording
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Misconfigured, NotFound
from privacy.identities.people import Person
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.compose import compose
from privacy.mails.kinds import MailKind
from privacy.profiles import Profile, load_profiles
from privacy.profiles.derived import derived_profile
from privacy.vault.keyring import Keyring

AHEAD: Final = timedelta(days=14)
"""Time to answer before the last day."""
BATCH: Final = 200
_BYTES: Final = 24


def ask_longer(
    work: UnitOfWork, vault: Keyring, *, tenant: str, link: Callable[[str], str], sending: bool
) -> int:
    """Write to people whose threads end soon, where the profile says that they are asked.

    Args:
        tenant: as it signs letters.
        link: the address of the page for a token.

    Returns:
        How many were asked. Who has no address is not asked, and silence is erasure.
    """
    asked = 0
    for row in work.session.scalars(_end_soon(work)).all():
        row.asked_at = work.now
        contact = open_contact(work, vault, row)
        if not contact.email:
            continue
        token = secrets.token_urlsafe(_BYTES)
        row.ask_digest = _digest(token)
        compose(
            work,
            vault,
            to=contact.email,
            kind=MailKind.INQUIRY_LONGER,
            language=contact.language or "en",
            values={"tenant": tenant, "day": row.ends_on.isoformat(), "link": link(token)},
            sending=sending,
        )
        asked += 1
    if asked:
        record(work, Event.INQUIRIES_ASKED, facts={"count": asked})
    work.session.flush()
    return asked


def _end_soon(work: UnitOfWork) -> Select[Inquiry]:
    services = [key for key, one in load_profiles().items() if _asks(one)]
    return (
        select(Inquiry)
        .where(
            Inquiry.service.in_(services),
            Inquiry.ends_on <= work.today + AHEAD,
            Inquiry.ends_on > work.today,
            Inquiry.asked_at.is_(None),
            Inquiry.email_digest.is_not(None),
            Inquiry.state != InquiryState.SPAM.value,
            Inquiry.channel != Channel.UNOFFICIAL.value,
        )
        .order_by(Inquiry.ends_on, Inquiry.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )


def find_asked(work: UnitOfWork, token: str, *, lock: bool = False) -> Inquiry:
    """The thread that a mailed token is about. Raises NotFound: answered already, or never."""
    found = select(Inquiry).where(Inquiry.ask_digest == _digest(token))
    row = work.session.scalar(found.with_for_update() if lock else found)
    if row is None:
        raise NotFound
    return row


def allow_longer(work: UnitOfWork, vault: Keyring, *, token: str, wording: Wording) -> None:
    """Yes: messages and log go now, contact data stays for as long again. Raises NotFound."""
    row = find_asked(work, token, lock=True)
    contact = open_contact(work, vault, row)
    given = GivenConsent(
        service=row.service,
        purpose=ConsentPurpose.LONGER_CONTACT,
        person=Person(email=contact.email or "", name=contact.name),
        wording=wording,
        channel=ConsentChannel.FORM,
        evidence=f"inquiry {row.reference}",
    )
    give_consent(work, vault, given)
    for statement in (
        delete(InquiryMessage).where(
            InquiryMessage.tenant_id == work.tenant_id, InquiryMessage.inquiry_id == row.id
        ),
        delete(InquiryLog).where(
            InquiryLog.tenant_id == work.tenant_id, InquiryLog.inquiry_id == row.id
        ),
    ):
        work.connection.execute(statement)
    # What somebody wrote about is part of the message.
    kept = msgspec.structs.replace(contact, topic=None)
    row.contact_sealed = seal_contact(work, vault, row.id, kept)
    row.ask_digest, row.longer_since = None, work.now
    row.state = InquiryState.CLOSED.value
    row.ends_on = work.today + timedelta(days=_days(derived_profile(work, row.service)))
    work.session.flush()
    record(work, Event.INQUIRY_LONGER, subject=row.id)


def refuse_longer(work: UnitOfWork, *, token: str) -> None:
    """No: everything goes at once. Raises NotFound."""
    row = find_asked(work, token, lock=True)
    erase_inquiry(work, inquiry_id=row.id, because="asked_no")


def _asks(one: Profile) -> bool:
    return one.declares(KIND) and one.kind(KIND).at_the_end == "asked"


def _days(rules: Profile) -> int:
    try:
        return rules.retention_days(KIND)
    except Misconfigured:
        return TWO_YEARS


def _digest(token: str) -> bytes:
    """Of 192 random bits; it needs no salt (ASVS 6.5.2)."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
