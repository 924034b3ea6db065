"""Inquiries in the console: recorded, answered, closed; forms made; each by whoever may."""

import uuid
from typing import Any

import pytest

from connector.free_fields.declare import list_fields
from connector.notices.publish import rules_of
from privacy.core import clock
from privacy.notices.read import current_notice
from tenants.permissions import Role
from tenants.tenants.create import create_tenant
from tests.functional.console.town import Browser, Town

RECORDED: dict[str, Any] = {
    "service": "C",
    "channel": "telephone",
    "name": "Robin Canary",
    "email": "robin@example.org",
    "message": "Wants to be called back",
    "topic": "",
    "unofficial": "",
}
FORM: dict[str, Any] = {
    "name": "Contact page",
    "service": "V",
    "purpose": "inquiry",
    "channel": "form",
    "language": "de",
    "fields": ["email", "topic"],
    "required": ["email"],
    "origins": "https://www.example.com\nhttps://shop.example.com",
    "notice_url": "https://www.example.com/privacy",
    "answers_to": "desk@example.com",
}


@pytest.fixture(scope="module")
def consultants(town: Town) -> uuid.UUID:
    return create_tenant(town.desk, name="Consultants AB", services=("C", "V"))


@pytest.fixture(scope="module")
def agent(town: Town, consultants: uuid.UUID) -> Browser:
    return entered(town, "anna", Role.AGENT, consultants)


@pytest.fixture(scope="module")
def admin(town: Town, consultants: uuid.UUID) -> Browser:
    return entered(town, "berit", Role.ADMIN, consultants)


def entered(town: Town, name: str, role: Role, tenant: uuid.UUID) -> Browser:
    """Cloudvisor's policy promises a second factor for everybody (F3)."""
    person = town.person(name, role, tenant)
    town.enrol(person)
    return town.browser(person)


def recorded(agent: Browser, **more: str) -> str:
    answer = agent.post("/inquiries/add", **(RECORDED | more))
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


@pytest.mark.promise("A10")
def test_an_agent_records_answers_and_closes(agent: Browser) -> None:
    path = recorded(agent)
    page = agent.get(path).get_data(as_text=True)
    assert "Robin Canary" in page
    assert "Wants to be called back" in page
    sent = agent.post(f"{path}/answer", follow=True, text="We call at ten.\n\nAnna",
                      answers_to="desk@example.com")  # fmt: skip
    text = sent.get_data(as_text=True)
    assert "The answer is on its way." in text
    assert "We call at ten." in text
    assert ">Answered<" in text
    agent.post(f"{path}/note", text="Called at ten")
    agent.post(f"{path}/heard", text="Thanks")
    assert ">Open<" in agent.get(path).get_data(as_text=True)
    agent.post(f"{path}/close")
    assert ">Closed<" in agent.get(path).get_data(as_text=True)
    assert path in agent.get("/inquiries?state=closed").get_data(as_text=True)
    assert path not in agent.get("/inquiries?state=open").get_data(as_text=True)


def test_what_is_wrong_is_said_and_kept(agent: Browser) -> None:
    path = recorded(agent)
    answer = agent.post(f"{path}/answer", text="Half written", answers_to="nowhere")
    assert answer.status_code == 422
    assert "Half written" in answer.get_data(as_text=True)
    wrong = agent.post("/inquiries/add", **(RECORDED | {"email": "nobody"}))
    assert wrong.status_code == 422
    assert "This is not an e-mail address." in wrong.get_data(as_text=True)


def test_whom_one_looks_for_is_in_no_address(agent: Browser) -> None:
    path = recorded(agent, email="findme@example.org")
    answer = agent.post("/inquiries", contact="FindMe@example.org")
    assert path in answer.get_data(as_text=True)
    assert "Nobody by this" in agent.post("/inquiries", contact="+12025550199").get_data(
        as_text=True
    )


@pytest.mark.promise("D6")
def test_an_unofficial_channel_is_recorded_with_its_consent(agent: Browser) -> None:
    way: dict[str, Any] = {
        "service": "V",
        "channel": "unofficial",
        "name": "",
        "email": "",
        "handle": "robin.c",
    }
    refused = agent.post("/inquiries/add", **(RECORDED | way))
    assert refused.status_code == 422
    consent: dict[str, Any] = {
        "unofficial": "skype",
        "consent_at": clock.now().strftime("%Y-%m-%dT%H:%M"),
    }
    path = recorded(agent, **way, **consent)
    page = agent.get(path).get_data(as_text=True)
    assert "Unofficial channel (Skype)" in page
    assert "robin.c" in page
    agent.post(f"{path}/withdraw")
    assert agent.get(path).status_code == 404


def test_an_admin_makes_a_form_and_its_page_works(town: Town, admin: Browser) -> None:
    made = admin.post("/web-forms/add", **FORM)
    assert made.status_code == 302, made.get_data(as_text=True)
    page = admin.get(made.headers["Location"]).get_data(as_text=True)
    key = page.split("data-silta-form=&#34;")[1].split("&#34;")[0]
    visitor = town.app.test_client(use_cookies=False)
    shown = visitor.get(f"/f/{key}").get_data(as_text=True)
    assert "Worum geht es?" in shown
    assert "Telefonnummer" not in shown.split("<form")[1].split('id="reach"')[0]
    changed = admin.post(f"{made.headers['Location']}/change", **(FORM | {"language": "sv"}))
    assert changed.status_code == 302
    assert "Meddelande" in visitor.get(f"/f/{key}").get_data(as_text=True)
    admin.post(f"{made.headers['Location']}/close")
    assert visitor.get(f"/f/{key}").status_code == 404


@pytest.mark.promise("A11")
def test_a_field_of_ones_own_is_declared_listed_in_the_notice_and_asked_for(
    town: Town, admin: Browser, consultants: uuid.UUID
) -> None:
    field: dict[str, Any] = {
        "about": "inquiry",
        "label": "Rooms",
        "key": "rooms",
        "type": "number",
        "words": "",
    }
    reasons = {"purpose": "response", "basis": "contract", "days": ""}
    admin.get("/fields/add")
    assert admin.post("/fields/add", **(field | reasons)).status_code == 302
    with town.desk.tenant(consultants) as work:
        declared = list_fields(work)[0].id
        rules = next(one for one in rules_of(work) if one.key == "V")
        told = current_notice(work, town.desk.ring, rules=rules, organisation="").head
    assert told.published_at is not None, "it is published at once"
    admin.get("/web-forms/add")
    own = {"own_fields": [str(declared)], "own_required": [str(declared)]}
    made = admin.post("/web-forms/add", **(FORM | own))
    assert made.status_code == 302, made.get_data(as_text=True)
    page = admin.get(made.headers["Location"]).get_data(as_text=True)
    assert "Rooms (must be filled in)" in page
    assert "checked" in admin.get(f"{made.headers['Location']}/change").get_data(as_text=True)


@pytest.mark.parametrize(
    "change",
    [
        {"origins": "http://www.example.com"},
        {"notice_url": "javascript:alert(1)"},
        {"fields": ["topic"], "required": []},
        {"answers_to": "nobody"},
        {"service": "T"},
        {"purpose": "registration"},
    ],
)
def test_a_form_that_makes_no_sense_is_refused(admin: Browser, change: dict[str, Any]) -> None:
    answer = admin.post("/web-forms/add", **(FORM | change))
    assert answer.status_code in (200, 422)
    assert "data-summary" in answer.get_data(as_text=True)


@pytest.mark.attack(34)
def test_roles(town: Town, consultants: uuid.UUID, agent: Browser) -> None:
    path = recorded(agent)
    auditor = entered(town, "clara", Role.AUDITOR, consultants)
    assert auditor.get("/inquiries").status_code == 403
    assert auditor.get(path).status_code == 403
    assert auditor.get("/web-forms").status_code == 200
    assert agent.get("/web-forms").status_code == 403
    assert agent.post("/web-forms/add", **FORM).status_code == 403
    charlie = town.browser(town.charlie)
    assert charlie.get(path).status_code == 404
    assert charlie.post(f"{path}/close").status_code == 404
    assert "Robin" not in charlie.get("/inquiries").get_data(as_text=True)
