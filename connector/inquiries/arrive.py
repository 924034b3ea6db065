"""Take in what came by a web form: judged, checked, stored and its challenge spent, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from connector.free_fields.kinds import About
from connector.free_fields.values import set_values
from connector.inquiries.channels import Channel
from connector.inquiries.contents import Technical
from connector.inquiries.declared import Asked, NotDeclared, read_fields
from connector.inquiries.forms.own import complaints_of, read_own, split
from connector.inquiries.forms.refs import FormRef
from connector.inquiries.open import Opened, open_inquiry
from connector.inquiries.robots.judge import Evidence, Verdict, judge
from connector.inquiries.robots.spend import spend
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
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


@dataclass(frozen=True, slots=True)
class Checked:
    """What was typed, tidied: for the form's own fields, and for those that the tenant declared."""

    asked: Asked
    own: Mapping[str, str]

    def __repr__(self) -> str:
        return "<Checked>"


def check_sent(form: FormRef, sent: Sent) -> Checked:
    """What was typed, tidied. Raises NotDeclared, Invalid: see `read_fields` and `read_own`."""
    fields, given = split(form.own, sent.fields)
    own, wrong = read_own(form.own, given)
    try:
        asked = read_fields(
            form.service,
            fields,
            wanted=form.fields,
            required=form.required,
            language=sent.language,
        )
    except NotDeclared:
        raise
    except Invalid as refusal:
        raise Invalid(fields=complaints_of(refusal) | wrong) from None
    if wrong:
        raise Invalid(fields=wrong)
    return Checked(asked, own)


def judge_sent(
    work: UnitOfWork, *, vault: Keyring, form: FormRef, sent: Sent, proof_only: bool
) -> Verdict:
    """Whether a person may have sent it. Raises as `judge`."""
    return judge(work, vault, form_id=form.id, evidence=sent.evidence, proof_only=proof_only)


def take_inquiry(
    work: UnitOfWork,
    *,
    vault: Keyring,
    form: FormRef,
    sent: Sent,
    checked: Checked,
    verdict: Verdict,
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
        asked=checked.asked,
        technical=sent.technical,
        form_id=form.id,
        notice=verdict.challenge.notice,
    )
    if checked.own:
        set_values(work, vault=vault, about=About.INQUIRY, record_id=opened.id, given=checked.own)
    email = checked.asked.contact.email
    if sent.refuses and email:
        person = Person(email=Identity.email(email).text)
        honour_signal(work, vault, person=person, services=(form.service,))
    return opened
