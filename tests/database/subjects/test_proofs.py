"""Who is not proven finds nothing, and another tenant finds nobody."""

import pytest

from connector.contacts.write import Entry, create_contact
from privacy.core.errors import NotFound
from privacy.identities.people import Person
from privacy.subjects.corrections import Correction
from privacy.subjects.verify import verify_by_code
from privacy.subjects.words import RequestKind
from tests.database.records.books import a_contact
from tests.database.subjects.people import NUMBER, Rights
from tests.database.subjects.requests import mailed_code, request_view


@pytest.mark.promise("C7")
def test_what_is_not_proven_finds_nothing(rights: Rights) -> None:
    """Somebody with an address of their own names the number of somebody else."""
    thief = Person(email="thief@example.net", phone=NUMBER)
    made = rights.ask(RequestKind.ACCESS, thief)
    with rights.tenant.work() as work:
        code = mailed_code(work, rights)
    with rights.tenant.work() as work:
        assert verify_by_code(work, rights.clerk(work), request_id=made.id, code=code)
    rights.run(made.id)
    view = request_view(rights, made.id)
    assert view.proven == ("email",)
    found = {step.holder: step.found for step in view.steps if step.found}
    assert set(found) == {"mails", "requests"}


@pytest.mark.promise("C7")
def test_an_address_on_file_proves_the_number_that_is_on_file_with_it(rights: Rights) -> None:
    made = rights.ask(RequestKind.ACCESS)
    with rights.tenant.work() as work:
        code = mailed_code(work, rights)
        assert verify_by_code(work, rights.clerk(work), request_id=made.id, code=code)
    assert request_view(rights, made.id).proven == ("email", "phone")


@pytest.mark.attack(34)
@pytest.mark.promise("C7")
def test_a_number_that_the_person_had_put_on_file_proves_nothing(rights: Rights) -> None:
    """First "correct my number" to somebody else's, then ask by address and that number."""
    thief = Person(email="thief@example.net")
    with rights.tenant.work() as work:
        entry = Entry(a_contact(name="T", is_person=True, emails=(thief.email,), phones=()))
        create_contact(work, vault=rights.tenant.vault, entry=entry)
    rights.done(RequestKind.RECTIFICATION, thief, correction=Correction(phone=NUMBER))
    made = rights.ask(RequestKind.ACCESS, Person(email=thief.email, phone=NUMBER))
    with rights.tenant.work() as work:
        code = mailed_code(work, rights)
        assert verify_by_code(work, rights.clerk(work), request_id=made.id, code=code)
    assert request_view(rights, made.id).proven == ("email",)


@pytest.mark.attack(34)
def test_another_tenant_finds_no_request_and_erases_nobody(rights: Rights) -> None:
    made = rights.ask(RequestKind.ERASURE)
    others = Rights(rights.house, rights.house.charlie)
    with pytest.raises(NotFound):
        others.prove(made.id)
    with pytest.raises(NotFound):
        request_view(others, made.id)
    rows = rights.house.installation.count
    before = {table: rows(table) for table in ("calls", "contacts", "invoices", "inquiries")}
    done = others.done(RequestKind.ERASURE)
    found = {step.holder for step in request_view(others, done.id).steps if step.found}
    assert found <= {"mails", "requests"}
    assert before == {table: rows(table) for table in before}
