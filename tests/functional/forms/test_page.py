"""The hosted form: without a cookie, without a script, in four languages, and nothing is lost."""

import re
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from connector.free_fields.declare import Declaration, declare_field, end_field
from connector.free_fields.kinds import About, FieldType
from connector.free_fields.records import fields_of
from connector.http.forms.words import LANGUAGES
from connector.inquiries.find import Wanted
from connector.inquiries.forms.change import change_form
from connector.inquiries.robots import judge
from connector.inquiries.views import Thread, view_inquiry, view_page
from privacy.core.db.declarations import LegalBasis, Purpose
from privacy.core.errors import Invalid
from privacy.identities.shapes import Identity
from privacy.objections.models import ObjectionEntry
from privacy.suppressions.check import may_send
from privacy.suppressions.purposes import Sending
from privacy.suppressions.verdicts import Reason
from tests.functional.console.town import Town
from tests.functional.forms.visitors import TYPED, Visitor, new_form, settings


def threads(town: Town, tenant: uuid.UUID) -> list[Thread]:
    """Everything that arrived, latest first."""
    with town.desk.tenant(tenant) as work:
        page = view_page(work, vault=town.desk.ring, wanted=Wanted(), cursor=None, limit=100)
        return [
            view_inquiry(work, vault=town.desk.ring, inquiry_id=head.id) for head in page.inquiries
        ]


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to wait in a test."""
    for name in ("SOONEST", "SOONEST_WITHOUT_PROOF"):
        monkeypatch.setattr(judge, name, timedelta())


@pytest.mark.promise("D5")
@pytest.mark.promise("A10")
@pytest.mark.usefixtures("patient")
def test_the_whole_form_works_without_cookies_and_without_a_script(
    town: Town, consultants: uuid.UUID, visitor: Visitor
) -> None:
    form = new_form(town, consultants)
    page = visitor.look(form)
    assert "Set-Cookie" not in page.headers
    answer = visitor.send(form, **visitor.hidden(), **TYPED)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200, text
    found = re.search(r'class="reference">([^<]+)<', text)
    assert found is not None
    thread = threads(town, consultants)[0]
    assert thread.head.reference == found[1]
    assert thread.head.contact.name == "Robin Example"
    assert thread.messages[0].text == "Hello,\nplease call me."
    assert thread.head.notice == form.notice
    assert thread.technical is not None
    assert thread.technical.ip_address == "127.0.0.1"


@pytest.mark.promise("D7")
@pytest.mark.usefixtures("patient")
def test_a_page_with_a_script_shows_its_work(
    town: Town, consultants: uuid.UUID, visitor: Visitor
) -> None:
    form = new_form(town, consultants)
    visitor.look(form)
    assert visitor.send(form, **visitor.solved(), **TYPED).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks(town: Town, consultants: uuid.UUID, visitor: Visitor, language: str) -> None:
    form = new_form(town, consultants, language="fi")
    page = visitor.look(form, language).get_data(as_text=True)
    assert f'<html lang="{language}">' in page
    said = {"en": "Message", "fi": "Viesti", "sv": "Meddelande", "de": "Nachricht"}[language]
    assert f">{said}<" in page
    assert form.notice_url in page
    assert form.notice in page


@pytest.mark.promise("D7")
def test_who_has_no_script_waits_and_loses_nothing(
    town: Town, consultants: uuid.UUID, visitor: Visitor
) -> None:
    form = new_form(town, consultants)
    visitor.look(form)
    before = visitor.hidden()["challenge"]
    answer = visitor.send(form, **visitor.hidden(), **TYPED)
    assert answer.status_code == 422
    assert answer.headers["Retry-After"] == "15"
    assert "wait" in answer.get_data(as_text=True).lower()
    assert visitor.hidden()["challenge"] == before, "the wait counts from the first look"
    typed = visitor.typed()
    assert typed["name"] == TYPED["name"]
    assert typed["message"] == TYPED["message"].replace("\r\n", "\n").lstrip("\n") or (
        typed["message"] == TYPED["message"]
    )


@pytest.mark.promise("D7")
@pytest.mark.usefixtures("patient")
def test_without_a_proof_only_a_few_an_hour(
    town: Town, consultants: uuid.UUID, visitor: Visitor
) -> None:
    form = new_form(town, consultants)
    told = []
    for _ in range(4):
        visitor.look(form)
        told.append(visitor.send(form, **visitor.hidden(), **TYPED).status_code)
    assert told == [200, 200, 200, 429]
    assert visitor.typed()["email"] == TYPED["email"]
    assert int(visitor.page.headers["Retry-After"]) > 60  # type: ignore[union-attr]
    visitor.look(form)
    assert visitor.send(form, **visitor.solved(), **TYPED).status_code == 200


@pytest.mark.promise("A12")
@pytest.mark.usefixtures("patient")
def test_what_nobody_declared_is_refused_with_a_reason(
    town: Town, consultants: uuid.UUID, visitor: Visitor
) -> None:
    form = new_form(town, consultants)
    before = len(threads(town, consultants))
    visitor.look(form)
    answer = visitor.send(form, **visitor.hidden(), **TYPED, birth_date="1990-01-01")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "does not declare" in text
    assert "1990" not in text
    assert "birth_date" not in text
    assert len(threads(town, consultants)) == before


@pytest.mark.usefixtures("patient")
def test_errors_stand_at_their_fields(town: Town, consultants: uuid.UUID, visitor: Visitor) -> None:
    form = new_form(town, consultants)
    visitor.look(form)
    wrong = TYPED | {"email": "nobody", "name": "", "message": "x" * 6000}
    answer = visitor.send(form, **visitor.hidden(), **wrong)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for name in ("email", "name", "message"):
        assert f'id="{name}-error"' in text
    assert 'role="alert"' in text
    assert visitor.typed()["email"] == "nobody"
    assert visitor.send(form, **visitor.hidden(), **TYPED).status_code == 200, "same challenge"


@pytest.mark.usefixtures("patient")
def test_a_filled_trap_is_shown_to_who_fell_into_it(
    town: Town, consultants: uuid.UUID, visitor: Visitor
) -> None:
    form = new_form(town, consultants)
    page = visitor.look(form).get_data(as_text=True)
    assert 'class="trap" aria-hidden="true"' in page
    answer = visitor.send(form, **visitor.hidden(), **TYPED, website="https://spam.example")
    assert answer.status_code == 422
    assert 'class="trap"' not in answer.get_data(as_text=True)
    assert visitor.send(form, **visitor.hidden(), **TYPED, website="").status_code == 200


@pytest.mark.usefixtures("patient")
def test_sent_twice_is_stored_once(town: Town, consultants: uuid.UUID, visitor: Visitor) -> None:
    form = new_form(town, consultants)
    visitor.look(form)
    sent = visitor.hidden() | TYPED
    assert visitor.send(form, **sent).status_code == 200
    before = len(threads(town, consultants))
    again = visitor.send(form, **sent)
    assert again.status_code == 409
    assert "received before" in again.get_data(as_text=True)
    assert len(threads(town, consultants)) == before


@pytest.mark.usefixtures("patient")
def test_a_plain_form_elsewhere_leads_here_with_what_was_typed(
    town: Town, consultants: uuid.UUID, visitor: Visitor
) -> None:
    form = new_form(town, consultants)
    answer = visitor.send(form, **TYPED)
    assert answer.status_code == 422
    assert visitor.typed()["name"] == TYPED["name"]
    assert visitor.send(form, **visitor.hidden(), **TYPED).status_code == 200


@pytest.mark.attack(53)
@pytest.mark.usefixtures("patient")
def test_strange_characters_arrive_as_text(
    town: Town, consultants: uuid.UUID, visitor: Visitor
) -> None:
    form = new_form(town, consultants)
    visitor.look(form)
    odd = {
        "name": "Zoë\r\nBcc: eve@example.net\u202e\x00 Ålesund 🦊",
        "email": "zoe@example.org",
        "message": "Ä" * 5000,
    }
    assert visitor.send(form, **visitor.hidden(), **odd).status_code == 200
    contact = threads(town, consultants)[0].head.contact
    assert contact.name == "Zoë Bcc: eve@example.net Ålesund 🦊"


@pytest.mark.attack(33)
def test_typed_text_is_no_markup(town: Town, consultants: uuid.UUID, visitor: Visitor) -> None:
    form = new_form(town, consultants)
    answer = visitor.send(form, name='"><script>alert(1)</script>', message="</textarea><b>")
    text = answer.get_data(as_text=True)
    assert "<script>alert" not in text
    assert "</textarea><b>" not in text


def test_unknown_and_closed_forms_are_not_there(town: Town, visitor: Visitor) -> None:
    for key in ("x" * 24, "short", "../../x"):
        answer = visitor.client.get(f"/f/{key}")
        assert answer.status_code == 404
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "There is nothing here"),
        ("fi", "ei löydy mitään"),
        ("sv", "inget"),
        ("de", "nichts"),
    ],
)
def test_pages_of_errors_speak_the_visitors_language(
    visitor: Visitor, language: str, words: str
) -> None:
    said = {"Accept-Language": f"{language}-XX,{language};q=0.9,fr;q=0.5"}
    for path in (f"/f/{'x' * 24}", f"/f/{'x' * 24}/register", f"/account/{'x' * 24}/sign-in"):
        page = visitor.client.get(path, headers=said)
        assert page.status_code == 404
        assert f'lang="{language}"' in page.get_data(as_text=True)
        assert words in page.get_data(as_text=True), path
        chosen = visitor.client.get(f"{path}?lang=sv", headers=said).get_data(as_text=True)
        assert 'lang="sv"' in chosen


def test_what_breaks_is_said_in_the_forms_language(
    town: Town, consultants: uuid.UUID, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = new_form(town, consultants, language="fi")

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("connector.http.forms.page.new_challenge", broken)
    page = visitor.client.get(f"/f/{form.key}")
    assert page.status_code == 500
    assert "Juuri nyt se ei onnistu" in page.get_data(as_text=True)


@pytest.mark.promise("A4")
@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize(("service", "more"), [("C", False), ("V", True)])
def test_the_technical_log_is_what_the_profile_says(
    town: Town, consultants: uuid.UUID, visitor: Visitor, service: str, more: bool
) -> None:
    form = new_form(town, consultants, service=service)
    visitor.look(form)
    answer = visitor.client.post(
        f"/f/{form.key}",
        data=visitor.hidden() | TYPED | {"page": "https://www.example.com/contact?q=secret#x"},
        headers={"User-Agent": "Test/1.0", "Accept-Language": "sv-SE"},
    )
    assert answer.status_code == 200
    technical = threads(town, consultants)[0].technical
    assert technical is not None
    assert (technical.ip_address, technical.user_agent) == ("127.0.0.1", "Test/1.0")
    assert (technical.language == "sv-SE") is more
    assert (technical.page == "https://www.example.com/contact") is more
    assert (technical.visited_at is not None) is more


@pytest.mark.promise("C6")
@pytest.mark.usefixtures("patient")
def test_a_form_sent_with_global_privacy_control_is_an_objection_too(
    town: Town, consultants: uuid.UUID, visitor: Visitor
) -> None:
    form = new_form(town, consultants)
    signals = [("0", "quiet@example.org"), *[("1", "signal@example.org")] * 2]
    for signal, email in signals:
        visitor.look(form)
        sent = visitor.hidden() | TYPED | {"email": email}
        headers = {"Sec-GPC": signal}
        answer = visitor.client.post(f"/f/{form.key}", data=sent, headers=headers)
        assert answer.status_code == 200
        with town.desk.tenant(consultants) as work:
            to = Identity.email(email)
            said = may_send(
                work, town.desk.ring, purpose=Sending.DIRECT_MARKETING, to=to, services=["V"]
            )
        assert (said.reason is Reason.OBJECTED) == (signal == "1")
    with town.desk.tenant(consultants) as work:
        told = work.session.scalar(select(func.count()).select_from(ObjectionEntry))
    assert told == 1, "once, however often the form is sent"


@pytest.mark.promise("A11")
@pytest.mark.usefixtures("patient")
def test_a_form_asks_for_declared_fields_where_the_tenant_chose_so(
    town: Town, consultants: uuid.UUID, visitor: Visitor
) -> None:
    declared = {
        key: Declaration(
            About.INQUIRY, key, key.title(), kind, Purpose.RESPONSE, LegalBasis.CONTRACT, days=30
        )
        for key, kind in (("rooms", FieldType.NUMBER), ("visit", FieldType.DATE))
    }
    ring = town.desk.ring
    with town.desk.tenant(consultants) as work:
        ids = {key: declare_field(work, declaration=one) for key, one in declared.items()}
    asking = {"service": "V", "own_fields": ids.values(), "own_required": [ids["rooms"]]}
    form = new_form(town, consultants, **asking)
    page = visitor.look(form, "sv").get_data(as_text=True)
    assert 'name="own_rooms"' in page
    assert 'type="date"' in page
    sent = visitor.hidden() | TYPED
    missing = visitor.send(form, **sent)
    assert missing.status_code == 422
    assert 'href="#own_rooms"' in missing.get_data(as_text=True)
    wrong = visitor.send(form, **sent, own_rooms="many").get_data(as_text=True)
    assert "inget tal" in wrong
    assert 'value="many"' in wrong, "nothing that was typed is lost"
    assert visitor.send(form, **sent, own_rooms="3,50", own_visit="2026-12-01").status_code == 200
    made = threads(town, consultants)[0].head.id
    with town.desk.tenant(consultants) as work:
        filled = fields_of(work, vault=ring, about=About.INQUIRY, record_id=made)
        assert {one.field.key: one.value for one in filled} == {
            "rooms": "3.5",
            "visit": "2026-12-01",
        }
        assert {one.ends_on for one in filled} == {work.today + timedelta(days=30)}
        end_field(work, field_id=ids["rooms"])
    assert "own_rooms" not in visitor.look(form).get_data(as_text=True)
    fresh = visitor.hidden() | TYPED | {"own_rooms": "3"}
    assert visitor.send(form, **fresh).status_code == 422, "what is not declared is not taken"


@pytest.mark.promise("A12")
def test_a_service_whose_policy_knows_no_such_fields_asks_for_none(
    town: Town, consultants: uuid.UUID, visitor: Visitor
) -> None:
    one = Declaration(
        About.INQUIRY, "shoe", "Shoe", FieldType.TEXT, Purpose.RESPONSE, LegalBasis.CONTRACT
    )
    with town.desk.tenant(consultants) as work:
        field_id = declare_field(work, declaration=one)
    with pytest.raises(Invalid) as refused:
        new_form(town, consultants, own_fields=[field_id])
    assert "own_fields" in str(refused.value.details)
    form = new_form(town, consultants)
    with town.desk.tenant(consultants) as work, pytest.raises(Invalid):
        change_form(
            work,
            vault=town.desk.ring,
            form_id=form.id,
            settings=settings(own_fields=[uuid.uuid4()]),
        )
    visitor.look(form)
    sent = visitor.hidden() | TYPED | {"own_shoe": "44"}
    assert visitor.send(form, **sent).status_code == 422
