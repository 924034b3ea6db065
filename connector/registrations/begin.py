"""Register: details, age, and agreement to each term, or there is no account (promise D1)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from connector.free_fields.kinds import About
from connector.free_fields.values import set_values
from connector.inquiries.robots.judge import Evidence, judge
from connector.inquiries.robots.spend import spend
from connector.registrations.desks import Office
from connector.registrations.details import Details
from connector.registrations.entered import Entered, read_entered
from connector.registrations.links import LASTS, issue_link
from connector.registrations.models import Registrant, RegistrantAgreement
from connector.registrations.seals import (
    email_digest,
    login_digest,
    open_details,
    put_details,
    put_password,
    seal_evidence,
)
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.core.ids import new_id
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.kinds import MailKind
from tenants.passwords.rules import check_password
from tenants.tenants.views import view_tenant

UNCONFIRMED: Final = timedelta(days=3)
"""What nobody confirms is gone after that."""


@dataclass(frozen=True, slots=True)
class Application:
    """What somebody sent to register.

    Args:
        agreed: the terms that were ticked, each on its own.
        of_age: the confirmation to be of age and legally capable.
        address: the network address from which it came, for the record of agreement.
    """

    fields: Mapping[str, str]
    password: str
    agreed: Collection[str]
    of_age: bool
    address: str
    evidence: Evidence

    def __repr__(self) -> str:
        return "<Application>"


def begin_registration(office: Office, application: Application) -> None:
    """Take a registration, and send the mail that confirms it.

    The answer is the same whether the address has an account or not (ATTACK 26): who has one is
    told so by mail, and the same work is done for both.

    Raises:
        Invalid: a field, the password, an agreement that is missing, or the proof.
        AlreadySent: the same page was sent before.
    """
    with office.work() as work:
        entered = read_entered(office.form, application.fields, today=work.today)
        details = entered.details
        _check_agreement(office, application)
        check_password(application.password, email=details.email, name=details.name)
        verdict = judge(
            work,
            office.vault,
            form_id=office.form.id,
            evidence=application.evidence,
            proof_only=False,
        )
    encoded = office.desk.hashing.hash(application.password)
    with office.work() as work:
        spend(work, verdict.challenge)
        _take(office, work, entered, encoded, application)


def _check_agreement(office: Office, application: Application) -> None:
    wrong = {
        f"agreed_{term.term}": "Without your agreement to this there is no account."
        for term in office.form.terms
        if term.term not in application.agreed
    }
    if not application.of_age:
        wrong["of_age"] = "Only who is of age and legally capable can register."
    if wrong:
        raise Invalid(fields=wrong)


def _take(
    office: Office, work: UnitOfWork, entered: Entered, encoded: str, application: Application
) -> None:
    details = entered.details
    digest = email_digest(work, office.vault, details.email)
    known = work.session.scalar(select(Registrant).where(Registrant.email_digest == digest))
    _check_login(office, work, details.login, digest)
    if known is not None and known.state == "active":
        _tell_known(office, work, known)
        return
    if known is not None:
        # Nobody has confirmed it: whoever registers now starts anew.
        work.session.execute(delete(Registrant).where(Registrant.id == known.id))
        work.session.expunge(known)
    row = _insert(office, work, details, digest, encoded)
    set_values(
        work, vault=office.vault, about=About.REGISTRATION, record_id=row.id, given=entered.own
    )
    _agree(office, work, row, application.address)
    token = issue_link(work, registrant_id=row.id, purpose="confirm")
    values = {
        "tenant": view_tenant(office.vault, work).name,
        "link": office.link("account/*/confirm", token),
        "days": str(LASTS["confirm"].days),
    }
    office.mail(work, to=details.email, kind=MailKind.REGISTRATION_CONFIRM, values=values)
    record(work, Event.REGISTRATION_STARTED, subject=row.id)


def _check_login(office: Office, work: UnitOfWork, login: str, digest: bytes) -> None:
    """Asked alike for known and unknown addresses, or it would tell which is which."""
    taken = work.session.scalar(
        select(Registrant.id).where(
            Registrant.login_digest == login_digest(work, office.vault, login),
            (Registrant.email_digest != digest) | (Registrant.state == "active"),
        )
    )
    if taken is not None:
        raise login_taken()


def _insert(
    office: Office, work: UnitOfWork, details: Details, digest: bytes, encoded: str
) -> Registrant:
    row = Registrant(
        tenant_id=work.tenant_id,
        id=new_id(),
        form_id=office.form.id,
        service=office.form.service,
        email_digest=digest,
        login_digest=login_digest(work, office.vault, details.login),
        details_version=0,
        password_version=0,
        state="unconfirmed",
        check_state="unchecked",
        created_at=work.now,
        ends_on=(work.now + UNCONFIRMED).date(),
    )
    put_details(work, office.vault, row, details)
    put_password(work, office.vault, row, encoded)
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:
        raise login_taken() from None
    return row


def _agree(office: Office, work: UnitOfWork, row: Registrant, address: str) -> None:
    """Each term with version, time and address (promise D1)."""
    for term in office.form.terms:
        agreement_id = new_id()
        work.session.add(
            RegistrantAgreement(
                tenant_id=work.tenant_id,
                id=agreement_id,
                registrant_id=row.id,
                term=term.term,
                term_version=term.version,
                evidence_sealed=seal_evidence(work, office.vault, agreement_id, address),
                accepted_at=work.now,
            )
        )
    work.session.flush()


def _tell_known(office: Office, work: UnitOfWork, known: Registrant) -> None:
    """To the stored address, never to the typed one: two spellings can be two mailboxes."""
    values = {
        "tenant": view_tenant(office.vault, work).name,
        "link": office.link("account/*/sign-in"),
    }
    to = open_details(work, office.vault, known).email
    office.mail(work, to=to, kind=MailKind.REGISTRATION_KNOWN, values=values)


def login_taken() -> Invalid:
    """A login is somebody's. Logins are chosen, so this must be said; addresses are not told."""
    return Invalid(fields={"login": "This login is taken. Choose another."})
