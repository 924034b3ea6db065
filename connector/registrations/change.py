"""What a holder does with the own account: correct it, take it along, delete it (C3, C8, C9)."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from connector.free_fields.kinds import About
from connector.free_fields.values import erase_values, set_values
from connector.registrations.begin import login_taken
from connector.registrations.desks import Office
from connector.registrations.details import Details
from connector.registrations.entered import Entered, read_entered
from connector.registrations.models import (
    Registrant,
    RegistrantLink,
    RegistrantSession,
    RegistrationCheck,
)
from connector.registrations.seals import (
    login_digest,
    open_details,
    open_password,
    put_details,
    put_password,
)
from connector.registrations.sign_in import count_attempt
from connector.registrations.views import exported, find_registrant, view_registration
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid, NotFound
from privacy.erasures.marking import journaled
from privacy.holds.hold import held_among
from privacy.holds.models import Holdable
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.kinds import MailKind
from privacy.notices.languages import speech
from privacy.subjects.words import Because
from privacy.vault.keyring import Keyring
from tenants.limits.clear import clear_attempts
from tenants.limits.keys import Trial
from tenants.tenants.views import view_tenant

KEPT: Final = "claims_from_the_contract"
"""Why something is kept of a deleted account: who agreed to what, until claims are time-barred."""
_YEARS: Final = 3


def correct_registration(
    office: Office, *, registrant_id: uuid.UUID, fields: Mapping[str, str]
) -> None:
    """Write what the holder corrected; the tenant's people check it anew.

    The address stays: it identifies the account, and another one has to be confirmed first.

    Raises:
        Invalid: a field is wrong, or the login is taken.
    """
    with office.work(registrant_id) as work:
        row = _active(work, registrant_id)
        before = open_details(work, office.vault, row)
        sent = {**fields, "email": before.email}
        entered = read_entered(office.form, sent, today=work.today, service=row.service)
        details = entered.details
        changed = _fill(work, office.vault, row, entered)
        if details == before and not changed:
            return
        row.login_digest = login_digest(work, office.vault, details.login)
        row.check_state = "unchecked"
        put_details(work, office.vault, row, details)
        try:
            with work.session.begin_nested():
                work.session.flush()
        except IntegrityError:
            raise login_taken() from None
        record(work, Event.REGISTRATION_CHANGED, subject=row.id)


def export_registration(office: Office, *, registrant_id: uuid.UUID) -> dict[str, Any]:
    """All that is kept of the holder, as JSON has it."""
    with office.work(registrant_id) as work:
        _active(work, registrant_id)
        view = view_registration(work, office.vault, registrant_id)
        record(work, Event.REGISTRATION_EXPORTED, subject=registrant_id)
    return exported(view)


def delete_registration(
    office: Office, *, registrant_id: uuid.UUID, password: str, address: str = ""
) -> date:
    """Close the account: access ends at once, the address and the login are free again.

    Name, address and what was agreed to stay for the reason KEPT until three years after the
    year's end (BGB §§ 195, 199); the rest is erased now. The holder is told so by mail.

    Returns:
        The first day on which nothing is left.

    Raises:
        Invalid: the password is wrong.
        TooManyRequests: it was wrong too often (ATTACK 25); it was not looked at.
    """
    _prove(office, registrant_id, password, address)
    with office.work(registrant_id) as work:
        row = _active(work, registrant_id)
        to = open_details(work, office.vault, row).email
        ends_on = close_registration(work, office.vault, row)
        values = {
            "tenant": view_tenant(office.vault, work).name,
            "until": speech(office.language).day(ends_on),
        }
        office.mail(work, to=to, kind=MailKind.REGISTRATION_DELETED, values=values)
    return ends_on


def end_of_claims(today: date) -> date:
    """Three years from the end of the year."""
    return date(today.year + _YEARS + 1, 1, 1)


@journaled
def close_registration(work: UnitOfWork, vault: Keyring, row: Registrant) -> date:
    """Erase what is not kept for claims, and nothing opens it any more. Returns when it ends.

    A hold keeps what is there: nobody destroys evidence by deleting the own account.
    """
    ends_on = end_of_claims(work.today)
    held = bool(held_among(work, Holdable.REGISTRANTS, [row.id]))
    if not held:
        details = open_details(work, vault, row)
        left = Details("", details.first_name, details.last_name, details.email)
        put_details(work, vault, row, left)
    put_password(work, vault, row, None)
    row.email_digest = row.login_digest = None
    row.state, row.closed_at, row.ends_on = "closed", work.now, ends_on
    work.session.flush()
    erase_values(work, record_id=row.id)
    for table in (RegistrantSession, RegistrantLink, *(() if held else (RegistrationCheck,))):
        work.session.execute(delete(table).where(table.registrant_id == row.id))
    why = Because.HOLD.value if held else KEPT
    record(work, Event.REGISTRATION_DELETED, subject=row.id, facts={"kept_for": why})
    return ends_on


def _fill(work: UnitOfWork, vault: Keyring, row: Registrant, entered: Entered) -> int:
    """How many of the tenant's own fields are different now."""
    return set_values(
        work, vault=vault, about=About.REGISTRATION, record_id=row.id, given=entered.own
    )


def _prove(office: Office, registrant_id: uuid.UUID, password: str, address: str) -> None:
    """Whoever has found an open session must not find the password by it."""
    trial = Trial.REAUTHENTICATION
    with office.work() as work:
        keys = count_attempt(work, office, trial=trial, who=str(registrant_id), address=address)
    with office.work() as work:
        row = _active(work, registrant_id)
        encoded = open_password(work, office.vault, row)
    if not office.desk.hashing.verify(encoded, password).right:
        text = "This password is wrong."
        raise Invalid(text, code="wrong_password", fields={"password": text})
    with office.work() as work:
        clear_attempts(work, keys=keys)


def _active(work: UnitOfWork, registrant_id: uuid.UUID) -> Registrant:
    row = find_registrant(work, registrant_id, lock=True)
    if row.state != "active":
        raise NotFound
    return row
