"""What is decided of a loss: its risk, who was told, and that it is settled; each with reasons."""

import uuid
from datetime import datetime

import msgspec
from sqlalchemy import select

from privacy.breaches.clocks import clocks_of, users_due
from privacy.breaches.models import NOTE, WHAT, Breach, BreachNote
from privacy.breaches.scopes import Scope
from privacy.breaches.shapes import Audience, Risk, What
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, Invalid, NotFound
from privacy.core.ids import new_id
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.core.writings import is_text
from privacy.ledger.encoding import Fact
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.profiles.derived import derived_profile
from privacy.vault.keyring import Keyring

LONGEST = 5000


class NotSettled(Conflict):
    """Somebody has to be told first, or the risk to be assessed."""

    code = "breach_not_settled"
    message = "Assess the risk and tell everybody who must know first, or note why nobody must."


class StillTelling(Conflict):
    """Mails to others than these are being written; whoever comes next must wait for them."""

    code = "breach_still_telling"
    message = "Those who were chosen before are being written to. Choose others when that is done."


def assess_breach(
    work: UnitOfWork, vault: Keyring, *, breach_id: uuid.UUID, risk: Risk, reasons: str
) -> None:
    """The risk for people, with reasons (Art. 33(5)). Raises NotFound, Invalid, NotSettled."""
    row = get_breach(work, breach_id)
    if row.closed_at is not None or risk is Risk.UNASSESSED:
        raise NotSettled
    row.risk = risk.value
    if row.role == "controller":
        row.users_due_at = users_due(derived_profile(work, row.service), row.discovered_at, risk)
    _note(work, vault, row, "assessment", reasons)
    _say(work, row, {"risk": risk.value})


def put_scope(work: UnitOfWork, vault: Keyring, *, breach_id: uuid.UUID, scope: Scope) -> None:
    """What it reached, computed anew: the rest can follow (Art. 33(4)).

    Raises:
        NotFound; NotSettled: it is settled.
    """
    row = get_breach(work, breach_id)
    if row.closed_at is not None:
        raise NotSettled
    what = msgspec.msgpack.decode(WHAT.open(work, vault, row.id, row.what_sealed), type=What)
    told = msgspec.msgpack.encode(msgspec.structs.replace(what, scope=scope))
    row.what_sealed = WHAT.seal(work, vault, row.id, told)
    row.tables, row.people = sorted({*row.tables, *scope.tables}), scope.people_most
    _say(work, row, {"tables": len(scope.tables), "people": scope.people_most})


def note_authority(
    work: UnitOfWork, vault: Keyring, *, breach_id: uuid.UUID, at: datetime | None, text: str
) -> None:
    """The authority was told: when, under which reference, and why late where it was late.

    Raises:
        NotFound, Invalid.
    """
    row = get_breach(work, breach_id)
    told = at or work.now
    if not row.discovered_at <= told <= work.now:
        raise Invalid(fields={"at": "Between the discovery and now."})
    row.authority_told_at = row.authority_told_at or told
    _note(work, vault, row, "authority", text)
    _say(work, row, {"told": "authority", "late": told > row.authority_due_at})


def have_users_told(
    work: UnitOfWork, vault: Keyring, *, breach_id: uuid.UUID, audience: Audience, text: str
) -> None:
    """Write to everybody concerned, by a job. Doing it again adds nobody twice.

    Raises:
        NotFound, Invalid. NotSettled: nobody is chosen. StillTelling: others are.
    """
    row = get_breach(work, breach_id)
    if audience is Audience.NOBODY:
        raise NotSettled
    if audience.value != row.audience:
        _turn_to_others(row)
    row.audience, row.users_asked_at = audience.value, work.now
    _note(work, vault, row, "users", text)
    enqueue(work, name=JobName.BREACH_USERS, payload={"breach_id": str(row.id)})
    _say(work, row, {"told": "users"})


def _turn_to_others(row: Breach) -> None:
    """The job reads whom it writes to: to change that meanwhile would leave people untold."""
    if row.users_asked_at is not None and row.users_told_at is None:
        raise StillTelling
    row.users_told_at = None


def close_breach(work: UnitOfWork, vault: Keyring, *, breach_id: uuid.UUID, text: str) -> None:
    """Settled. Raises NotFound, Invalid; NotSettled while a clock runs or nothing is assessed."""
    row = get_breach(work, breach_id)
    if row.risk == Risk.UNASSESSED or any(one.done_at is None for one in clocks_of(row)):
        raise NotSettled
    row.closed_at = row.closed_at or work.now
    _note(work, vault, row, "closed", text)
    _say(work, row, {"closed": True})


def get_breach(work: UnitOfWork, breach_id: uuid.UUID) -> Breach:
    """The bound tenant's row, locked. Raises NotFound."""
    row = work.session.scalar(select(Breach).where(Breach.id == breach_id).with_for_update())
    if row is None:
        raise NotFound
    return row


def _note(work: UnitOfWork, vault: Keyring, row: Breach, kind: str, text: str) -> None:
    said = text.strip()
    if not said or not is_text(said, longest=LONGEST):
        raise Invalid(fields={"text": "Give your reasons: they are the documentation."})
    note = BreachNote(
        tenant_id=work.tenant_id,
        id=new_id(),
        breach_id=row.id,
        kind=kind,
        at=work.now,
        noted_by=work.actor.id,
    )
    note.text_sealed = NOTE.seal(work, vault, note.id, said.encode())
    work.session.add(note)
    work.session.flush()


def _say(work: UnitOfWork, row: Breach, facts: dict[str, Fact]) -> None:
    record(work, Event.BREACH_CHANGED, subject=row.id, facts=facts)
