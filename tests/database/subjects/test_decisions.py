"""Who it is, what is refused, ordered, corrected and held: each decision, and what comes of it."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from connector.contacts.shelf import CONTACTS
from connector.contacts.write import Entry, create_contact
from connector.inquiries.holder import InquiryHolder
from connector.inquiries.models import Inquiry
from connector.registrations.change import close_registration
from connector.registrations.holder import RegistrationHolder
from connector.registrations.models import Registrant
from connector.registrations.seals import open_details
from connector.subjects.recipients import WHOIS, names_of
from connector.subjects.registry import HOLDERS
from connector.synced.read import find_record
from connector.synced.shapes import Contact
from privacy.core.errors import Invalid, NotFound
from privacy.documents.keep import list_documents, look_at_document
from privacy.holds.hold import begin_hold, end_hold, list_holds
from privacy.holds.models import Holdable
from privacy.identities.people import Person
from privacy.mails.models import Mail
from privacy.mails.sealed_mails import open_letter
from privacy.subjects.answers import close_by_agent
from privacy.subjects.clerks import WrongState, get_request
from privacy.subjects.clocks import overdue
from privacy.subjects.corrections import Correction
from privacy.subjects.decide import WrongGround, refuse_request
from privacy.subjects.doubts import ask_for_proof, give_proof
from privacy.subjects.holders import Subject
from privacy.subjects.orders import reopen_by_order
from privacy.subjects.run import resume_erasures
from privacy.subjects.verify import verify_by_telephone
from privacy.subjects.views import RequestView, view_request
from privacy.subjects.words import (
    GROUNDS_OF,
    Because,
    Ground,
    Method,
    Phase,
    RequestChannel,
    RequestKind,
    RequestState,
    StepState,
)
from tests.database.subjects.people import EMAIL, NAME, NUMBER, ROBIN, Rights, fill_every_room
from tests.tenancies import House

PDF = b"%PDF-1.7 passport of Robin Canary"
BY_MAIL, BY_PHONE = Person(email=EMAIL, name="Robin"), Person(phone=NUMBER)


@pytest.fixture
def rights(house: House) -> Rights:
    return Rights(house, house.alice)


@pytest.fixture
def filled(rights: Rights) -> Rights:
    fill_every_room(rights.tenant)
    return rights


def _view(rights: Rights, request_id: uuid.UUID) -> RequestView:
    with rights.tenant.work() as work:
        return view_request(work, rights.tenant.vault, request_id=request_id)


def _letter(rights: Rights, kind: str) -> str:
    with rights.tenant.work() as work:
        rows = work.session.scalars(select(Mail).where(Mail.kind == kind).order_by(Mail.id))
        return open_letter(work, rights.tenant.vault, rows.all()[-1]).body


def _refuse(rights: Rights, request_id: uuid.UUID, ground: Ground) -> None:
    with rights.tenant.work() as work:
        refuse_request(
            work, rights.clerk(work), request_id=request_id, ground=ground, reasons="Because."
        )


@pytest.mark.promise("C7")
def test_proof_is_asked_for_with_a_reason_sealed_and_destroyed_with_the_decision(
    rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = rights.ask(RequestKind.ACCESS, BY_MAIL, service="V", language="sv")
    with rights.tenant.work() as work, pytest.raises(Invalid):
        ask_for_proof(work, rights.clerk(work), request_id=made.id, reasons=" ")
    with rights.tenant.work() as work:
        reasons = "The name is another one."
        ask_for_proof(work, rights.clerk(work), request_id=made.id, reasons=reasons)
    assert "The name is another one." in _letter(rights, "subject_proof")
    assert "artikel 12.6" in _letter(rights, "subject_proof")
    monkeypatch.setattr("privacy.core.clock._offset", timedelta(days=40))
    with rights.tenant.work() as work:
        assert overdue(work) == [], "the clock stands still while proof is waited for"
    assert _view(rights, made.id).paused
    with rights.tenant.work() as work, pytest.raises(Invalid):
        give_proof(work, rights.clerk(work), request_id=made.id, content=b"<html>")
    with rights.tenant.work() as work:
        document = give_proof(work, rights.clerk(work), request_id=made.id, content=PDF)
        looked = look_at_document(
            work, rights.tenant.vault, subject_id=made.id, document_id=document
        )
        assert looked.content == PDF
        with pytest.raises(NotFound):
            look_at_document(
                work, rights.tenant.vault, subject_id=uuid.uuid4(), document_id=document
            )
    for row in rights.house.rows("SELECT content_sealed FROM identity_documents"):
        assert b"passport" not in bytes(row[0])  # type: ignore[call-overload]
    assert not _view(rights, made.id).paused, "it runs on from the day of the proof"
    rights.prove(made.id, Method.DOCUMENTS)
    view = _view(rights, made.id)
    assert (view.due_on - made.due_on).days in range(38, 45)
    with rights.tenant.work() as work:
        assert list_documents(work, subject_id=made.id) == []
    destroyed = "SELECT count(*) FROM ledger_events WHERE event = 'rights:document:destroyed'"
    assert list(rights.house.rows(destroyed)) == [(1,)], "proof of it"
    journal = "SELECT count(*) FROM erasure_journal WHERE relation = 'identity_documents'"
    assert list(rights.house.rows(journal)) == [(1,)]


@pytest.mark.promise("C7")
def test_a_person_known_by_number_says_a_code_when_called(rights: Rights) -> None:
    made = rights.ask(RequestKind.ACCESS, BY_PHONE, channel=RequestChannel.FORM)
    assert made.code is not None
    assert rights.ask(RequestKind.ACCESS, BY_PHONE).code is None, "nobody is there to read it"

    def says(code: str) -> bool:
        with rights.tenant.work() as work:
            return verify_by_telephone(work, rights.clerk(work), request_id=made.id, code=code)

    assert not any(says("22222-22222") for _ in range(3))
    assert says(made.code)
    view = _view(rights, made.id)
    assert (view.method, view.proven) == (Method.CALL_BACK, ("phone",))
    with pytest.raises(WrongState):
        says(made.code)


@pytest.mark.promise("C4")
def test_each_right_is_refused_on_its_own_grounds_only(rights: Rights) -> None:
    wrong = 0
    for kind, grounds in GROUNDS_OF.items():
        if kind is RequestKind.OBJECTION:
            continue
        for ground in set(Ground) - grounds:
            made = rights.ask(kind, BY_PHONE, wish="Street 2")
            with pytest.raises(WrongGround):
                _refuse(rights, made.id, ground)
            wrong += 1
            break
    assert wrong == len(GROUNDS_OF) - 1
    made = rights.ask(RequestKind.RECTIFICATION, BY_PHONE, wish="Street 2", language="de")
    rights.prove(made.id)
    rights.run(made.id)
    _refuse(rights, made.id, Ground.ACCURATE)
    view = _view(rights, made.id)
    assert "BfDI" not in view.answer, "the service is Finnish"
    for part in ("Because.", "Tietosuojavaltuutetun", "PL 800", "Art. 12 Abs. 4"):
        assert part in view.answer, part
    with rights.tenant.work() as work:
        close_by_agent(work, request_id=made.id)


@pytest.mark.promise("C5")
def test_an_authoritys_order_reopens_a_refused_request_until_its_own_day(
    filled: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    rights = filled
    made = rights.ask(RequestKind.ERASURE, ROBIN)
    _refuse(rights, made.id, Ground.NOT_IDENTIFIED)
    with rights.tenant.work() as work:
        close_by_agent(work, request_id=made.id)
    monkeypatch.setattr("privacy.core.clock._offset", timedelta(days=90))
    with rights.tenant.work() as work:
        due, order = work.today + timedelta(days=14), "TSV/1234/2026: erase it."
        with pytest.raises(Invalid):
            reopen_by_order(
                work, rights.clerk(work), request_id=made.id, due=made.due_on, order=order
            )
        reopen_by_order(work, rights.clerk(work), request_id=made.id, due=due, order=order)
        with pytest.raises(WrongState):
            reopen_by_order(work, rights.clerk(work), request_id=made.id, due=due, order=order)
    view = _view(rights, made.id)
    assert (view.state, view.due_on, view.order) == (RequestState.RECEIVED, due, order)
    rights.prove(made.id)
    assert _view(rights, made.id).due_on == due
    rights.run(made.id)
    rights.tell(made.id)
    rights.run(made.id)
    assert _view(rights, made.id).state is RequestState.DONE


@pytest.mark.promise("C3")
def test_a_correction_changes_what_is_on_file_and_recipients_are_told(filled: Rights) -> None:
    rights, vault = filled, filled.tenant.vault
    with rights.tenant.work() as work:
        contact = Contact(
            name="Example Ltd",
            contact_person=NAME,
            emails=("office@example.org", EMAIL),
            phones=(NUMBER,),
        )
        own = create_contact(work, vault=vault, entry=Entry(contact))
    correction = Correction(name="Robin Sparrow", email="robin@example.net", phone="+12025550177")
    made = rights.ask(RequestKind.RECTIFICATION, correction=correction)
    rights.prove(made.id)
    rights.run(made.id)
    view = _view(rights, made.id)
    assert view.state is RequestState.PARTLY_DONE
    done = {step.holder: step.found for step in view.steps if step.phase is Phase.RECTIFY}
    assert done == {"contacts": 1, "inquiries": 1, "registrations": 1}
    told = [step.holder for step in view.steps if step.phase is Phase.NOTIFY]
    with rights.tenant.work() as work:
        assert sorted(names_of(work, vault, told).values()) == ["Books", "WHOIS and the registrar"]
    assert WHOIS in told
    rights.tell(made.id)
    rights.run(made.id)
    view = _view(rights, made.id)
    assert view.state is RequestState.DONE
    assert all(step.done_at is not None for step in view.steps)
    with rights.tenant.work() as work:
        now = find_record(work, vault=vault, shelf=CONTACTS, record_id=own).record
        assert now.emails == ("robin@example.net", "office@example.org")
        assert (now.contact_person, now.phones) == ("Robin Sparrow", ("+12025550177",))
        person = Person(email="robin@example.net", phone="+12025550177")
        subject = Subject(person)
        assert InquiryHolder().find(work, vault, subject) == 1
        assert RegistrationHolder().find(work, vault, subject) == 1
        assert InquiryHolder().find(work, vault, Subject(ROBIN)) == 0
    changed = "SELECT count(*) FROM ledger_events WHERE event = 'rights:record:rectified'"
    assert list(rights.house.rows(changed)) == [(3,)]


@pytest.mark.promise("C2")
def test_a_legal_hold_keeps_its_row_whoever_deletes_and_its_end_erases_the_rest(
    filled: Rights,
) -> None:
    rights, vault = filled, filled.tenant.vault
    with rights.tenant.work() as work:
        inquiry = next(
            row.id
            for row in work.session.scalars(select(Inquiry))
            if InquiryHolder().find(work, vault, Subject(ROBIN))
        )
        ids = {row[0] for row in work.connection.execute(text("SELECT id FROM inquiries"))}
        holds = [
            begin_hold(work, vault, relation=Holdable.INQUIRIES, row_id=one, reason="Case 17")
            for one in ids
        ]
        assert inquiry in ids
        with pytest.raises(NotFound):
            begin_hold(
                work, vault, relation=Holdable.CONTACTS, row_id=inquiry, reason="another table's"
            )
    made = rights.done(RequestKind.ERASURE)
    view = _view(rights, made.id)
    assert view.state is RequestState.DONE
    step = next(s for s in view.steps if (s.phase, s.holder) == (Phase.ERASE, "inquiries"))
    assert (step.state, step.retained, step.because) == (StepState.RETAINED, 1, Because.HOLD)
    assert "legal claim" in view.answer
    first = view.certificate
    with rights.tenant.work() as work:
        work.connection.execute(text("DELETE FROM inquiries"))
    assert rights.house.installation.count("inquiries") == 2, "nobody deletes a held row"
    with rights.tenant.work() as work:
        assert {one.reason for one in list_holds(work, vault)} == {"Case 17"}
        for one in holds:
            table = end_hold(work, hold_id=one)
        names = [one.name for one in HOLDERS if table.value in one.tables]
        assert resume_erasures(work, holders=names) == [made.id]
    rights.run(made.id)
    view = _view(rights, made.id)
    step = next(s for s in view.steps if (s.phase, s.holder) == (Phase.ERASE, "inquiries"))
    assert (view.state, step.retained, step.found) == (RequestState.DONE, 0, 1)
    assert view.certificate != first
    assert rights.house.installation.count("inquiries") == 1, "somebody else's"
    with rights.tenant.work() as work:
        assert get_request(work, made.id).state == RequestState.DONE


@pytest.mark.attack(66)
@pytest.mark.promise("C9")
def test_nobody_destroys_what_is_held_by_deleting_the_own_account(filled: Rights) -> None:
    vault = filled.tenant.vault
    with filled.tenant.work() as work:
        row = work.session.scalars(select(Registrant)).one()
        before = open_details(work, vault, row)
        begin_hold(work, vault, relation=Holdable.REGISTRANTS, row_id=row.id, reason="Case 18")
        close_registration(work, vault, row)
    with filled.tenant.work() as work:
        row = work.session.scalars(select(Registrant)).one()
        assert (row.state, row.email_digest) == ("closed", None), "nobody signs in any more"
        assert open_details(work, vault, row) == before
