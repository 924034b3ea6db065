"""Nobody becomes somebody else by having the other's address put beside their own number."""

import pytest

from connector.contacts.write import Entry, create_contact
from connector.synced.shapes import Contact
from privacy.identities.people import Person
from privacy.subjects.corrections import Correction
from privacy.subjects.views import view_request
from privacy.subjects.words import Method, RequestKind
from tests.database.subjects.people import Rights
from tests.tenancies import House

VICTIM, OWN_EMAIL, OWN_NUMBER = "victim@example.org", "mallory@example.org", "+12025550166"
pytestmark = [pytest.mark.promise("C7"), pytest.mark.attack(26)]


@pytest.mark.parametrize(
    ("known_as", "method"),
    [
        (Person(phone=OWN_NUMBER), Method.CALL_BACK),
        (Person(email=OWN_EMAIL), Method.IN_PERSON),
    ],
)
def test_an_address_that_a_correction_brought_is_not_proven_by_a_number(
    house: House, known_as: Person, method: Method
) -> None:
    rights = Rights(house, house.alice)
    emails = (OWN_EMAIL,) if known_as.email else ()
    with rights.tenant.work() as work:
        mallory = Contact(name="Mallory Example", emails=emails, phones=(OWN_NUMBER,))
        create_contact(work, vault=rights.tenant.vault, entry=Entry(mallory))
    moved = rights.ask(
        RequestKind.RECTIFICATION, known_as, correction=Correction(email=VICTIM), wish="New one."
    )
    rights.prove(moved.id, method)
    rights.run(moved.id)
    asked = rights.ask(RequestKind.ERASURE, Person(email=VICTIM, phone=OWN_NUMBER))
    rights.prove(asked.id, Method.CALL_BACK)
    with rights.tenant.work() as work:
        view = view_request(work, rights.tenant.vault, request_id=asked.id)
    assert view.proven == ("phone",), "the victim's data is not found by it"


def test_a_correction_that_nobody_proved_takes_no_tie_away(house: House) -> None:
    rights = Rights(house, house.alice)
    with rights.tenant.work() as work:
        victim = Contact(name="Vera Victim", emails=(VICTIM,), phones=("+12025550167",))
        create_contact(work, vault=rights.tenant.vault, entry=Entry(victim))
    asked = Correction(email=VICTIM)
    rights.ask(RequestKind.RECTIFICATION, Person(email=OWN_EMAIL), correction=asked, wish="Mine.")
    own = rights.ask(RequestKind.ACCESS, Person(email=VICTIM, phone="+12025550167"))
    rights.prove(own.id, Method.CALL_BACK)
    with rights.tenant.work() as work:
        view = view_request(work, rights.tenant.vault, request_id=own.id)
    assert sorted(view.proven) == ["email", "phone"]
