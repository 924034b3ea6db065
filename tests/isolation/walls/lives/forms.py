"""What strangers send through forms: an inquiry with a declared field, and a registration."""

import uuid

from sqlalchemy import text

from connector.free_fields.declare import Declaration, declare_field
from connector.free_fields.kinds import About, FieldType
from connector.free_fields.records import fill_fields
from connector.inquiries.answer import answer_inquiry
from connector.inquiries.channels import Channel
from connector.inquiries.contents import Technical
from connector.inquiries.declared import read_fields
from connector.inquiries.forms.change import FormSettings, add_form
from connector.inquiries.open import open_inquiry
from connector.registrations.check import Method, Outcome, check_registration
from connector.registrations.details import Details
from connector.registrations.models import Registrant, RegistrantAgreement
from connector.registrations.seals import put_details, put_password, seal_evidence
from privacy.core.db.declarations import LegalBasis, Purpose
from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id
from tests.functional.console.town import PASSWORD, Town


def answered_inquiry(town: Town) -> uuid.UUID:
    """Somebody wrote to Alice, and she answered."""
    asked = read_fields("V", {"name": "Ida", "email": "ida@example.org", "message": "Hej"})
    ring, device = town.desk.ring, Technical(ip_address="192.0.2.7")
    with town.desk.tenant(town.alices) as work:
        made = open_inquiry(
            work, vault=ring, service="V", channel=Channel.FORM, asked=asked, technical=device
        ).id
        answer_inquiry(
            work,
            vault=ring,
            inquiry_id=made,
            text="Hej hej",
            answers_to="desk@example.com",
            sending=False,
        )
    return made


def filled_field(town: Town, inquiry_id: uuid.UUID) -> uuid.UUID:
    """A field that Alice declared, with something in it."""
    declared = Declaration(
        About.INQUIRY, "meter", "Meter", FieldType.TEXT, Purpose.DELIVERY, LegalBasis.CONTRACT
    )
    with town.desk.tenant(town.alices) as work:
        field_id = declare_field(work, declaration=declared)
        fill_fields(
            work,
            vault=town.desk.ring,
            about=About.INQUIRY,
            record_id=inquiry_id,
            given={"meter": "FI-4711"},
        )
    return field_id


def contact_form(town: Town) -> uuid.UUID:
    """A form on Alice's pages."""
    chosen = FormSettings(
        name="Contact",
        service="V",
        notice_url="https://www.example.com/privacy",
        answers_to="desk@example.com",
    )
    with town.desk.tenant(town.alices) as work:
        work.connection.execute(
            text("UPDATE tenants SET services = '{T,V}' WHERE tenant_id = :alice"),
            {"alice": work.tenant_id},
        )
        return add_form(work, vault=town.desk.ring, settings=chosen).id


def doubtful_registrant(town: Town, form_id: uuid.UUID) -> uuid.UUID:
    """Somebody registered with Alice, and was not there when she called."""
    with town.desk.tenant(town.alices) as work:
        registrant_id = _registrant(work, town, form_id)
        check_registration(
            work,
            vault=town.desk.ring,
            registrant_id=registrant_id,
            method=Method.CALL,
            outcome=Outcome.DOUBTFUL,
            note="Nobody there",
            sending=False,
        )
    return registrant_id


def _registrant(work: UnitOfWork, town: Town, form_id: uuid.UUID) -> uuid.UUID:
    row = Registrant(
        tenant_id=work.tenant_id,
        id=new_id(),
        form_id=form_id,
        service="V",
        details_version=0,
        password_version=0,
        state="active",
        check_state="unchecked",
        created_at=work.now,
    )
    ring, agreement_id = town.desk.ring, new_id()
    put_details(work, ring, row, Details("ida", "Ida", "Example", "ida@example.org", "1990-01-01"))
    put_password(work, ring, row, town.desk.hashing.hash(PASSWORD))
    work.session.add(row)
    work.session.flush()
    work.session.add(
        RegistrantAgreement(
            tenant_id=work.tenant_id,
            id=agreement_id,
            registrant_id=row.id,
            term="policy",
            term_version="1",
            evidence_sealed=seal_evidence(work, ring, agreement_id, "192.0.2.7"),
            accepted_at=work.now,
        )
    )
    return row.id
