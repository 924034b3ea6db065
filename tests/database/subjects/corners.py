"""What `fill_every_room` leaves out: every table of every holder has something of Robin's."""

import os
import uuid
from datetime import timedelta

from sqlalchemy import select

from connector.accounts.kinds import AccountKind
from connector.calls.ingest import ingest_calls
from connector.contacts.shelf import CONTACTS
from connector.free_fields.declare import Declaration, declare_field
from connector.free_fields.kinds import About, FieldType
from connector.free_fields.records import fill_fields
from connector.inquiries.models import Inquiry
from connector.invoices.shelf import INVOICES
from connector.registrations.check import Method, Outcome, check_registration
from connector.registrations.documents import take_document
from connector.registrations.models import Registrant, RegistrantLink
from connector.synced.read import Listing, list_records
from privacy.core.db.declarations import LegalBasis, Purpose
from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id
from privacy.disclosures.record import record_disclosure
from privacy.disclosures.shapes import Disclosing
from privacy.holds.hold import begin_hold
from privacy.holds.models import Holdable
from privacy.profiles.parts import DocumentUse
from privacy.profiles.sharing import Ground
from tests.database.subjects.people import NAME, NUMBER, OTHER_NUMBER, ROBIN
from tests.factories import a_call
from tests.tenancies import Tenancy

COURT = Disclosing(
    service="V",
    ground=Ground.COURT,
    person=ROBIN,
    recipient="Amtsgericht Example",
    reference="4 C 7/26",
    fields=("email",),
)


def fill_every_corner(tenant: Tenancy) -> list[uuid.UUID]:
    """Beside what is in every room; holds of Robin's invoice and inquiry."""
    exchange = tenant.account(AccountKind.FREESWITCH, name="Exchange")
    with tenant.work() as work:
        call = a_call(caller=NUMBER, called=OTHER_NUMBER, contact_person=NAME)
        sources = [b"<cdr>" + NUMBER.encode() + b"</cdr>"]
        ingest_calls(work, vault=tenant.vault, account=exchange, calls=[call], sources=sources)
        record_disclosure(work, tenant.vault, COURT)
        _registration(work, tenant)
        _free_field(work, tenant)
        invoice = _robins_invoice(work, tenant)
        inquiry = min(row.id for row in work.session.scalars(select(Inquiry)))
        rows = ((Holdable.INVOICES, invoice), (Holdable.INQUIRIES, inquiry))
        return [
            begin_hold(work, tenant.vault, relation=relation, row_id=row, reason="Case 17")
            for relation, row in rows
        ]


def _registration(work: UnitOfWork, tenant: Tenancy) -> None:
    row = work.session.scalars(select(Registrant)).one()
    check_registration(
        work,
        vault=tenant.vault,
        registrant_id=row.id,
        method=Method.CALL,
        outcome=Outcome.DOUBTFUL,
        note="The street was misspelt.",
        sending=False,
    )
    use, scan = DocumentUse.DOUBTFUL_REGISTRANT, b"\x89PNG\r\n\x1a\n passport"
    take_document(work, tenant.vault, registrant_id=row.id, use=use, content=scan)
    link = RegistrantLink(
        tenant_id=tenant.id,
        id=new_id(),
        registrant_id=row.id,
        digest=os.urandom(32),
        purpose="reset",
        expires_at=work.now + timedelta(hours=1),
    )
    work.session.add(link)
    work.session.flush()


def _free_field(work: UnitOfWork, tenant: Tenancy) -> None:
    about, text, basis = About.CONTACT, FieldType.TEXT, LegalBasis.CONTRACT
    declare_field(
        work, declaration=Declaration(about, "meter", "Meter", text, Purpose.DELIVERY, basis)
    )
    found = list_records(work, vault=tenant.vault, shelf=CONTACTS, listing=Listing()).records
    robin = next(one.id for one in found if one.record.name == NAME)
    given = {"meter": "M-4711"}
    fill_fields(work, vault=tenant.vault, about=about, record_id=robin, given=given)


def _robins_invoice(work: UnitOfWork, tenant: Tenancy) -> uuid.UUID:
    found = list_records(work, vault=tenant.vault, shelf=INVOICES, listing=Listing()).records
    return next(one.id for one in found if one.record.customer == "c-1")
