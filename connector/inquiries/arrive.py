"""Take in what came by a web form: judged, checked, stored and its challenge spent, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from connector.inquiries.channels import Channel
from connector.inquiries.contents import Technical
from connector.inquiries.declared import Asked, read_fields
from connector.inquiries.forms.refs import FormRef
from connector.inquiries.open import Opened, open_inquiry
from connector.inquiries.robots.judge import Evidence, Verdict, judge
from connector.inquiries.robots.spend import spend
from privacy.core.db.work import UnitOfWork
from privacy.identities.people import Person
from privacy.identities.shapes import Identity
from privacy.objections.signals import honour_signal
from privacy.vault.keyring import Keyring


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it was sent."""

    fields: Mapping[str, str]
    evidence: Evidence
    technical: Technical
    language: str = "en"
    refuses: bool = False
    """Whether the browser said Global Privacy Control."""

    def __repr__(self) -> str:
        return "<Sent>"


def check_sent(form: FormRef, sent: Sent) -> Asked:
    """What was typed, tidied. Raises NotDeclared, Invalid: see `read_fields`."""
    return read_fields(
        form.service,
        dict(sent.fields),
        wanted=form.fields,
        required=form.required,
        language=sent.language,
    )


def judge_sent(
    work: UnitOfWork, *, vault: Keyring, form: FormRef, sent: Sent, proof_only: bool
) -> Verdict:
    """Whether a person may have sent it. Raises as `judge`."""
    return judge(work, vault, form_id=form.id, evidence=sent.evidence, proof_only=proof_only)


def take_inquiry(
    work: UnitOfWork, *, vault: Keyring, form: FormRef, sent: Sent, asked: Asked, verdict: Verdict
) -> Opened:
    """Store the inquiry and use the challenge up, in one transaction.

    Raises:
        AlreadySent: the same challenge was taken before.
    """
    spend(work, verdict.challenge)
    opened = open_inquiry(
        work,
        vault=vault,
        service=form.service,
        channel=Channel(form.channel),
        asked=asked,
        technical=sent.technical,
        form_id=form.id,
        notice=verdict.challenge.notice,
    )
    if sent.refuses and asked.contact.email:
        person = Person(email=Identity.email(asked.contact.email).text)
        honour_signal(work, vault, person=person, services=(form.service,))
    return opened
