"""A registration as its holder and the tenant's people see it."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import select

from connector.free_fields.kinds import About
from connector.free_fields.values import FilledField, read_values
from connector.registrations.details import Details
from connector.registrations.models import (
    Registrant,
    RegistrantAgreement,
    RegistrationCheck,
)
from connector.registrations.seals import open_details, open_evidence, open_note
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.vault.keyring import Keyring


@dataclass(frozen=True, slots=True)
class AgreementView:
    """What was agreed to."""

    term: str
    version: str
    accepted_at: datetime
    ip_address: str

    def __repr__(self) -> str:
        return f"<AgreementView {self.term}>"


@dataclass(frozen=True, slots=True)
class CheckView:
    """What a check found."""

    method: str
    outcome: str
    note: str
    at: datetime

    def __repr__(self) -> str:
        return f"<CheckView {self.outcome}>"


@dataclass(frozen=True, slots=True)
class RegistrationView:
    """Everything that is kept of one registration."""

    id: uuid.UUID
    service: str
    state: str
    check_state: str
    details: Details
    created_at: datetime
    confirmed_at: datetime | None
    closed_at: datetime | None
    ends_on: date | None
    agreements: list[AgreementView]
    checks: list[CheckView]
    own: list[FilledField]
    """Fields that the tenant declared (promise A11)."""

    def __repr__(self) -> str:
        return f"<RegistrationView {self.id}>"


def find_registrant(
    work: UnitOfWork, registrant_id: uuid.UUID, *, lock: bool = False
) -> Registrant:
    """One row of the bound tenant, whatever its state. Raises NotFound."""
    statement = select(Registrant).where(
        Registrant.id == registrant_id,
        Registrant.ends_on.is_(None) | (Registrant.ends_on > work.today),
    )
    row = work.session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound
    return row


def view_registration(
    work: UnitOfWork, vault: Keyring, registrant_id: uuid.UUID
) -> RegistrationView:
    """One registration, opened. Raises NotFound, OpenError."""
    row = find_registrant(work, registrant_id)
    return RegistrationView(
        id=row.id,
        service=row.service,
        state=row.state,
        check_state=row.check_state,
        details=open_details(work, vault, row),
        created_at=row.created_at,
        confirmed_at=row.confirmed_at,
        closed_at=row.closed_at,
        ends_on=row.ends_on,
        agreements=_agreements(work, vault, row.id),
        checks=_checks(work, vault, row.id),
        own=read_values(work, vault=vault, about=About.REGISTRATION, record_id=row.id),
    )


def exported(view: RegistrationView) -> dict[str, Any]:
    """The same as JSON has it, for the holder to take along (GDPR Art. 15 and 20)."""
    return {
        "registered_at": view.created_at.isoformat(),
        "confirmed_at": view.confirmed_at.isoformat() if view.confirmed_at else None,
        "registration": msgspec.to_builtins(view.details),
        "fields": {one.field.label: one.value for one in view.own if one.value},
        "agreements": [
            {
                "term": one.term,
                "version": one.version,
                "accepted_at": one.accepted_at.isoformat(),
                "ip_address": one.ip_address,
            }
            for one in view.agreements
        ],
        "checks": [
            {
                "method": one.method,
                "outcome": one.outcome,
                "note": one.note,
                "at": one.at.isoformat(),
            }
            for one in view.checks
        ],
    }


def _agreements(work: UnitOfWork, vault: Keyring, owner: uuid.UUID) -> list[AgreementView]:
    rows = work.session.scalars(
        select(RegistrantAgreement)
        .where(RegistrantAgreement.registrant_id == owner)
        .order_by(RegistrantAgreement.accepted_at, RegistrantAgreement.term)
    )
    return [
        AgreementView(row.term, row.term_version, row.accepted_at, open_evidence(work, vault, row))
        for row in rows
    ]


def _checks(work: UnitOfWork, vault: Keyring, owner: uuid.UUID) -> list[CheckView]:
    rows = work.session.scalars(
        select(RegistrationCheck)
        .where(RegistrationCheck.registrant_id == owner)
        .order_by(RegistrationCheck.at)
    )
    return [CheckView(row.method, row.outcome, open_note(work, vault, row), row.at) for row in rows]
