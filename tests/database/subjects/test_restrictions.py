"""What is restricted is stored and not used; it ends after the person was told (Art. 18, 21)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from connector.calls.export import export_calls
from connector.calls.exported import ExportForm
from connector.calls.queries import Query
from connector.calls.search import search_calls
from connector.contacts.kinds import TokenKind
from connector.contacts.naming import name_calls
from connector.contacts.search import ContactQuery, search_contacts
from connector.contacts.shelf import CONTACTS
from connector.inquiries.find import Wanted
from connector.inquiries.views import view_inquiry, view_page
from connector.invoices.shelf import INVOICES
from connector.outgoing.request import send_customer
from connector.outgoing.shapes import OutgoingCustomer
from connector.registrations.check import list_registrations
from connector.synced.read import Listing, list_records
from privacy.core import clock
from privacy.identities.shapes import Identity
from privacy.mails.models import Mail
from privacy.restrictions.lift import lift_announced
from privacy.restrictions.standing import ProcessingRestricted
from privacy.subjects.clerks import WrongState, get_request
from privacy.subjects.decide import WrongGround, refuse_request
from privacy.subjects.restrict import announce_lifting, decide_objection, lifting_told
from privacy.subjects.restricting import follow_restrictions
from privacy.subjects.words import Ground, RequestKind, RequestState
from privacy.suppressions.check import may_send
from privacy.suppressions.purposes import Sending
from privacy.suppressions.verdicts import Reason
from tests.database.records.books import an_account
from tests.database.subjects.people import EMAIL, NAME, NUMBER, Rights, fill_every_room
from tests.tenancies import House


@pytest.fixture
def rights(house: House) -> Rights:
    made = Rights(house, house.alice)
    fill_every_room(house.alice)
    return made


def _read_everything(rights: Rights) -> str:
    """All that lists, searches, exports and syncs out say, in one text."""
    vault, said = rights.tenant.vault, list[Any]()
    with rights.tenant.work() as work:
        span = Query(since=clock.now() - timedelta(days=20), until=clock.now())
        calls = search_calls(work, vault=vault, query=span).calls
        said += name_calls(work, vault=vault, calls=calls)
        for form in ExportForm:
            said += export_calls(work, vault=vault, query=span, form=form)
        said += list_records(work, vault=vault, shelf=CONTACTS, listing=Listing()).records
        said += list_records(work, vault=vault, shelf=INVOICES, listing=Listing()).records
        query = ContactQuery(TokenKind.EMAIL, EMAIL)
        said += search_contacts(work, vault=vault, query=query)
        page = view_page(work, vault=vault, wanted=Wanted(), cursor=None, limit=9)
        for one in page.inquiries:
            thread = view_inquiry(work, vault=vault, inquiry_id=one.id)
            said += [one.contact.email, one.contact.name, *(each.text for each in thread.messages)]
        for line in list_registrations(work, vault=vault):
            said += [line.details.email, line.details.last_name]
    return "\n".join(one.decode() if isinstance(one, bytes) else repr(one) for one in said)


def _is_used(rights: Rights) -> bool:
    text = _read_everything(rights)
    assert "Sam" in text, "others are as they were"
    return any(word in text for word in (NUMBER, EMAIL, NAME, "Canary", "'c-1'"))


@pytest.mark.promise("C2")
def test_what_is_restricted_is_stored_and_used_for_nothing_until_the_person_was_told(
    rights: Rights,
) -> None:
    assert _is_used(rights)
    made = rights.done(RequestKind.RESTRICTION, wish="My number is wrong there.")
    assert not _is_used(rights)
    vault = rights.tenant.vault
    with rights.tenant.work() as work:
        verdict = may_send(
            work,
            vault,
            purpose=Sending.MARKET_RESEARCH,
            to=Identity.phone(NUMBER),
            services=("T",),
        )
        assert verdict.reason is Reason.RESTRICTED
        account = an_account(rights.tenant).id
        customer = OutgoingCustomer(code="7", name=NAME, email=f" {EMAIL.upper()}")
        with pytest.raises(ProcessingRestricted):
            send_customer(work, vault=vault, account_id=account, reference="x", customer=customer)
    others = Rights(rights.house, rights.house.charlie)
    fill_every_room(others.tenant)
    assert _is_used(others), "another tenant's"
    access = rights.done(RequestKind.ACCESS)
    with rights.tenant.work() as work:
        assert get_request(work, access.id).state == RequestState.DONE, "the person still gets it"
        with pytest.raises(WrongState):
            lifting_told(work, request_id=made.id)
        announce_lifting(
            work, rights.clerk(work), request_id=made.id, reasons="The number was corrected."
        )
        assert lift_announced(work) == 0
        assert follow_restrictions(work, rights.clerk(work)) == 1
    assert not _is_used(rights), "the notice has not left"
    with rights.tenant.work() as work:
        work.session.execute(update(Mail).values(state="sent"))
        assert lift_announced(work) == 1
    assert _is_used(rights)


def test_an_objection_to_processing_pauses_it_until_the_decision(rights: Rights) -> None:
    overridden = rights.ask(RequestKind.PROCESSING, wish="I do not want to be analysed.")
    rights.prove(overridden.id)
    assert _is_used(rights)
    rights.run(overridden.id)
    rights.tell(overridden.id)
    assert not _is_used(rights)
    with rights.tenant.work() as work, pytest.raises(WrongGround):
        refuse_request(
            work,
            rights.clerk(work),
            request_id=overridden.id,
            ground=Ground.OBLIGATION,
            reasons="The law.",
        )
    with rights.tenant.work() as work:
        decide_objection(
            work,
            rights.clerk(work),
            request_id=overridden.id,
            upheld=False,
            reasons="Fraud has to be found.",
        )
        assert get_request(work, overridden.id).ground == Ground.COMPELLING
    assert not _is_used(rights), "the person has not been told"
    with rights.tenant.work() as work:
        lifting_told(work, request_id=overridden.id)
    assert _is_used(rights)
    upheld = rights.ask(RequestKind.PROCESSING, wish="And not to be profiled.")
    rights.prove(upheld.id)
    rights.run(upheld.id)
    rights.tell(upheld.id)
    with rights.tenant.work() as work:
        decide_objection(
            work, rights.clerk(work), request_id=upheld.id, upheld=True, reasons="You are right."
        )
        with pytest.raises(WrongState):
            decide_objection(
                work, rights.clerk(work), request_id=upheld.id, upheld=True, reasons="Twice."
            )
    rights.run(upheld.id)
    with rights.tenant.work() as work:
        assert get_request(work, upheld.id).state == RequestState.DONE
    assert not _is_used(rights)
