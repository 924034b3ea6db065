"""Begin a thread."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from connector.events_out.emit import emit
from connector.events_out.facts import Facts
from connector.events_out.kinds import EventKind
from connector.inquiries.channels import Channel, Unofficial
from connector.inquiries.contents import Message, Technical
from connector.inquiries.declared import Asked, check_channel, check_declared
from connector.inquiries.keeping import ends_on
from connector.inquiries.logs import keep_log
from connector.inquiries.messages import add_message
from connector.inquiries.models import Inquiry
from connector.inquiries.references import new_reference
from connector.inquiries.seals import email_digest, seal_contact, telephone_digest
from connector.inquiries.states import InquiryState
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid, Unavailable
from privacy.core.ids import new_id
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.profiles import Profile
from privacy.profiles.derived import derived_profile
from privacy.vault.keyring import Keyring

_DRAWS = 4


@dataclass(frozen=True, slots=True)
class Consent:
    """Leave to be written to over somebody else's service (promise D6), and when it was given."""

    channel: Unofficial
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A new thread, and what it is called in mails."""

    id: uuid.UUID
    reference: str


def open_inquiry(
    work: UnitOfWork,
    *,
    vault: Keyring,
    service: str,
    channel: Channel,
    asked: Asked,
    consent: Consent | None = None,
    technical: Technical | None = None,
    form_id: uuid.UUID | None = None,
    notice: str | None = None,
) -> Opened:
    """A new thread of the bound tenant with its first message.

    Args:
        technical: for web inquiries (promise A4); sealed apart, under the day's key.
        notice: version of the privacy notice that was shown (GDPR Art. 13).

    Raises:
        Invalid: an unofficial channel without consent, or one that the policy does not know.
    """
    rules = derived_profile(work, service)
    check_channel(service, channel)
    check_declared(rules, asked)
    _check_consent(work, channel, consent)
    row = _insert(work, vault, rules, channel, asked, consent, form_id, notice)
    add_message(work, vault=vault, row=row, way="in", message=Message(asked.message))
    if technical is not None:
        keep_log(work, vault=vault, row=row, technical=technical)
    event = Event.INQUIRY_ARRIVED if form_id else Event.INQUIRY_RECORDED
    record(work, event, subject=row.id, facts={"channel": channel.value, "of": service})
    told: Facts = {"inquiry_id": row.id, "service": service, "channel": channel.value}
    emit(work, EventKind.INQUIRY_RECEIVED, told)
    return Opened(row.id, row.reference)


def _check_consent(work: UnitOfWork, channel: Channel, consent: Consent | None) -> None:
    if channel is not Channel.UNOFFICIAL:
        if consent is not None:
            raise Invalid(fields={"consent": "Only an unofficial channel needs this consent."})
        return
    if consent is None or consent.given_at > work.now:
        raise Invalid(
            "An unofficial channel needs the person's explicit consent, with its time.",
            code="consent_needed",
            fields={"consent": "Say when the person agreed to this channel."},
        )


def _insert(
    work: UnitOfWork,
    vault: Keyring,
    rules: Profile,
    channel: Channel,
    asked: Asked,
    consent: Consent | None,
    form_id: uuid.UUID | None,
    notice: str | None,
) -> Inquiry:
    inquiry_id, contact = new_id(), asked.contact
    state = InquiryState.OPEN.value
    values = {
        "tenant_id": work.tenant_id,
        "id": inquiry_id,
        "service": rules.key,
        "form_id": form_id,
        "channel": channel.value,
        "channel_name": consent.channel.value if consent else None,
        "consent_at": consent.given_at if consent else None,
        "state": state,
        "notice": notice,
        "contact_sealed": seal_contact(work, vault, inquiry_id, contact),
        "email_digest": email_digest(work, vault, contact.email),
        "telephone_digest": telephone_digest(
            work, vault, contact.telephone, region=rules.controller.country
        ),
        "opened_at": work.now,
        "last_message_at": work.now,
        "ends_on": ends_on(rules, channel=channel, state=state, last=work.today),
    }
    for _ in range(_DRAWS):
        row = Inquiry(reference=new_reference(), **values)
        try:
            with work.session.begin_nested():
                work.session.add(row)
        except IntegrityError:
            continue
        return row
    raise Unavailable
