"""What everybody can do: ask, prove, see the state, object, withdraw, unsubscribe."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from connector.http.centre import robots
from connector.subjects.registry import clerk_of
from privacy.consents.purposes import ConsentPurpose
from privacy.identities.people import Person
from privacy.identities.shapes import Identity
from privacy.mails.kinds import MailKind
from privacy.profiles.parts import Objection
from privacy.subjects.statuses import find_by_reference
from privacy.subjects.verify import verify_by_telephone
from privacy.suppressions.check import may_send
from privacy.suppressions.links import link_token
from privacy.suppressions.purposes import Sending
from privacy.suppressions.verdicts import Reason
from tests.database.registers.people import agree
from tests.functional.centre.readers import Reader

ROBIN = "robin@example.org"


def _said(reader: Reader, purpose: Sending, service: str, email: str = ROBIN) -> Reason:
    with reader.town.desk.tenant(reader.tenant) as work:
        to = Identity.email(email)
        ring = reader.town.desk.ring
        return may_send(work, ring, purpose=purpose, to=to, services=[service]).reason


@pytest.mark.promise("C7")
@pytest.mark.promise("D5")
def test_a_request_from_form_to_proof(reader: Reader) -> None:
    reader.get("/moontalk/request?lang=fi")
    wrong = reader.post("/moontalk/request", status=422, kind="access", email="nobody")
    assert "Tämä ei ole sähköpostiosoite" in reader.text
    assert wrong.status_code == 422
    reader.post("/moontalk/request", status=422, email=ROBIN)
    assert "Valitse vähintään yksi" in reader.text
    reader.post("/moontalk/request", kind="access", email=ROBIN, name="Robin Example")
    reference, code = reader.keys()
    with reader.town.desk.tenant(reader.tenant) as work:
        row = work.connection.execute(
            text(
                "SELECT kind, channel, language, state FROM subject_requests WHERE reference = :r"
            ),
            {"r": reference},
        ).one()
    assert tuple(row) == ("access", "form", "fi", "verifying")

    reader.get("/status?lang=en")
    reader.post("/status", status=403, reference=reference, code="AAAAA-AAAAA")
    assert "This code does not open it" in reader.text
    reader.post("/status", reference=reference, code=code)
    assert "we wait for the code that was mailed to you" in reader.text
    lower = f" {reference.lower()} "
    reader.post("/status", reference=lower, code=code.lower().replace("-", " "))
    assert "A copy of all data about me" in reader.text
    reader.post("/status", status=403, reference="R-2222-2222", code=code)

    mailed = reader.code(MailKind.SUBJECT_CODE)
    reader.post("/code", status=403, reference=reference, code=code)
    assert "This code does not open it" in reader.text, "the one for the state proves nothing"
    reader.post("/code", reference=reference, code=mailed)
    assert "we know now that it is you" in reader.text
    reader.post("/code", status=409, reference=reference, code=mailed)


@pytest.mark.attack(33)
def test_the_same_form_counts_once_and_a_foreign_one_not_at_all(reader: Reader) -> None:
    page = reader.get("/netversor/objection?lang=en")
    fields: dict[str, Any] = {"chosen": "direct_marketing", "email": ROBIN}
    reader.post("/netversor/objection", **fields)
    reader.text = page
    reader.post("/netversor/objection", status=409, **fields)
    assert "received before" in reader.text
    reader.text = ""
    reader.post("/netversor/objection", status=422, lang="en", **fields)
    assert "The form's check was not valid" in reader.text


@pytest.mark.promise("C6")
def test_an_objection_counts_when_its_code_comes_back(reader: Reader) -> None:
    reader.get("/moontalk/objection?lang=en")
    reader.post(
        "/moontalk/objection", chosen=["telemarketing", "opinion_polls"], email="sam@example.org"
    )
    found = reader.text.split("/confirm/")[1][:36]
    before = _said(reader, Sending.OPINION_POLLS, "T", "sam@example.org")
    assert before is not Reason.OBJECTED, "nobody objects in another's name"
    for _ in range(2):
        reader.post(f"/confirm/{found}", status=403, code="22222-22222")
    reader.get(f"/confirm/{found}?lang=en")
    code = reader.code(MailKind.CENTRE_CODE)
    reader.post(f"/confirm/{found}", code=code)
    assert "honoured from now on" in reader.text
    assert _said(reader, Sending.OPINION_POLLS, "T", "sam@example.org") is Reason.OBJECTED
    assert _said(reader, Sending.MARKET_RESEARCH, "T", "sam@example.org") is not Reason.OBJECTED
    reader.post(f"/confirm/{found}", status=403, code=code)
    with reader.town.desk.tenant(reader.tenant) as work:
        channel = (
            work.connection.execute(text("SELECT DISTINCT channel FROM objections")).scalars().all()
        )
    assert channel == ["form"]


@pytest.mark.attack(25)
def test_a_code_is_dead_after_five_tries(reader: Reader) -> None:
    reader.get("/moontalk/objection?lang=en")
    reader.post("/moontalk/objection", chosen="telemarketing", email="pat@example.org")
    found = reader.text.split("/confirm/")[1][:36]
    code = reader.code(MailKind.CENTRE_CODE)
    for _ in range(5):
        reader.post(f"/confirm/{found}", status=403, code="22222-22222")
    reader.post(f"/confirm/{found}", status=403, code=code)
    for _ in range(3):
        reader.get("/moontalk/objection?lang=en")
        reader.post("/moontalk/objection", chosen="telemarketing", email="pat@example.org")
    reader.get("/moontalk/objection?lang=en")
    reader.post("/moontalk/objection", status=429, chosen="telemarketing", email="pat@example.org")
    assert "many tries" in reader.text, "nobody's mailbox is flooded"
    reader.get("/netversor/request?lang=en")
    reader.post("/netversor/request", status=429, kind="access", email="Pat@example.org")
    reader.post("/netversor/request", status=422, kind="access", email="pat@example.org(1)")


@pytest.mark.attack(25)
def test_codes_are_not_guessed_by_reference_nor_by_network(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path, policy in (("/status", "CODES_FOR"), ("/code", "CODES")):
        few = replace(getattr(robots, policy), name=f"few-{policy}", quota=3)
        monkeypatch.setattr(robots, policy, few)
        for number in range(4):
            reference = f"R-2222-333{number}" if policy == "CODES" else "R-2222-2222"
            status = 403 if number < 3 else 429
            reader.post(path, status=status, reference=reference, code="22222-22222")


@pytest.mark.attack(25)
def test_a_code_is_dead_after_a_day(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    reader.get("/moontalk/objection?lang=en")
    reader.post("/moontalk/objection", chosen="telemarketing", email="late@example.org")
    found = reader.text.split("/confirm/")[1][:36]
    code = reader.code(MailKind.CENTRE_CODE)
    monkeypatch.setattr("privacy.core.clock._offset", timedelta(hours=25))
    reader.post(f"/confirm/{found}", status=403, code=code)


@pytest.mark.promise("A7")
def test_a_card_number_is_no_wish(reader: Reader) -> None:
    reader.get("/netversor/request?lang=sv")
    wish = "4111 1111 1111 1111 is mine"
    reader.post("/netversor/request", status=422, kind="access", email=ROBIN, wish=wish)
    assert "kortnummer sparas aldrig" in reader.text


@pytest.mark.promise("C10")
def test_a_consent_is_withdrawn_as_it_was_given(reader: Reader) -> None:
    alex = Person(email="alex@example.org")
    tenancy = reader.town.tenancy(reader.tenant)
    with reader.town.desk.tenant(reader.tenant) as work:
        agree(work, tenancy, person=alex, purpose=ConsentPurpose.DIRECT_MARKETING)
    assert _said(reader, Sending.DIRECT_MARKETING, "V", alex.email) is Reason.CONSENTED
    reader.get("/netversor/withdrawal?lang=de")
    assert "Kontakt über Skype" in reader.text
    reader.post("/netversor/withdrawal", chosen="direct_marketing", email=alex.email)
    found = reader.text.split("/confirm/")[1][:36]
    assert _said(reader, Sending.DIRECT_MARKETING, "V", alex.email) is Reason.CONSENTED
    reader.post(f"/confirm/{found}", code=reader.code(MailKind.CENTRE_CODE))
    assert "widerrufen" in reader.text
    assert _said(reader, Sending.DIRECT_MARKETING, "V", alex.email) is Reason.WITHDRAWN


@pytest.mark.attack(34)
def test_a_code_withdraws_nothing_of_a_number_that_was_typed_beside_the_address(
    reader: Reader,
) -> None:
    tenancy, number = reader.town.tenancy(reader.tenant), "+12025550177"
    with reader.town.desk.tenant(reader.tenant) as work:
        agree(
            work,
            tenancy,
            person=Person(email="kim@example.org", phone=number),
            purpose=ConsentPurpose.DIRECT_MARKETING,
        )
    reader.get("/netversor/withdrawal?lang=en")
    thief: dict[str, Any] = {"email": "thief@example.net", "telephone": number}
    reader.post("/netversor/withdrawal", chosen="direct_marketing", **thief)
    found = reader.text.split("/confirm/")[1][:36]
    reader.post(f"/confirm/{found}", code=reader.code(MailKind.CENTRE_CODE))
    assert _said(reader, Sending.DIRECT_MARKETING, "V", "kim@example.org") is Reason.CONSENTED


@pytest.mark.promise("C10")
@pytest.mark.promise("C6")
def test_one_click_unsubscribes_and_a_look_does_not(reader: Reader) -> None:
    kim = Identity.email("kim@example.org")
    with reader.town.desk.tenant(reader.tenant) as work:
        link = link_token(work, reader.town.desk.ring, who=kim, purpose=Objection.DIRECT_MARKETING)
    assert "kim" not in link
    address = f"/privacy/unsubscribe/{link}"
    looked = reader.client.get(f"{address}?lang=sv")
    assert "Tryck på knappen" in looked.get_data(as_text=True)
    assert _said(reader, Sending.DIRECT_MARKETING, "V", kim.text) is not Reason.UNSUBSCRIBED
    clicked = reader.client.post(address, data={"List-Unsubscribe": "One-Click"})
    assert clicked.status_code == 200
    assert "Set-Cookie" not in clicked.headers
    assert _said(reader, Sending.DIRECT_MARKETING, "V", kim.text) is Reason.UNSUBSCRIBED
    assert reader.client.post(address).status_code == 200, "once more changes nothing"
    for broken in (link[:-2], f"B{link[1:]}", "x", f"{link[:40]}{'A' * (len(link) - 40)}"):
        assert reader.client.post(f"/privacy/unsubscribe/{broken}").status_code == 404


@pytest.mark.promise("C7")
def test_who_has_a_number_only_is_told_what_to_say_when_called(reader: Reader) -> None:
    reader.get("/moontalk/request?lang=en")
    reader.post("/moontalk/request", kind="access", telephone="+12025550188")
    reference, _, said = reader.keys()
    assert "Code to say when we call" in reader.text
    tenancy, ring = reader.town.tenancy(reader.tenant), reader.town.desk.ring
    with tenancy.work() as work:
        request_id = find_by_reference(work, reference)
        assert request_id is not None
        clerk = clerk_of(work, ring, sending=False)
        assert verify_by_telephone(work, clerk, request_id=request_id, code=said)


@pytest.mark.attack(25)
def test_nobodys_number_is_rung_up_without_end_and_no_spelling_gives_more_tries(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"kind": "access", "telephone": "+12025550189"}
    for status in (200, 200, 429):
        reader.get("/moontalk/request?lang=en")
        reader.post("/moontalk/request", status, **asked)
    few = replace(robots.CODES_FOR, name="few-spellings", quota=2)
    monkeypatch.setattr(robots, "CODES_FOR", few)
    spellings = ("R-4444-4444", "r 4444 4444", "R.44.44.44.44")
    for reference, status in zip(spellings, (403, 403, 429), strict=True):
        reader.post("/status", status, reference=reference, code="22222-22222")
