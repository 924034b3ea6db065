"""The operator's mails: what was kept is sent once there is a server."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from connector.http.console.turns import PAGE
from privacy.ledger.events import Event
from privacy.mails.compose import compose
from privacy.mails.kinds import MailKind
from tenants.http.services import install, services
from tenants.permissions import Role
from tests.functional.console.town import Town

SEND = re.compile(r'action="(/mails/([0-9a-f-]{36})/send)"')


@pytest.fixture
def server(town: Town) -> Iterator[None]:
    """The installation restarted with a mail server."""
    with town.app.app_context():
        before = services()
    url = SecretStr("smtp://127.0.0.1:2525")
    install(
        town.app, replace(before, settings=before.settings.model_copy(update={"smtp_url": url}))
    )
    yield
    install(town.app, before)


def _keep_one(town: Town) -> None:
    person = town.person("kept", Role.AGENT, town.alices)
    town.browser().post("/forgotten-password", email=person.email)


def _rows(town: Town, statement: str, mail_id: str) -> list[str]:
    with town.house.installation.superuser().connect() as connection:
        return list(connection.execute(text(statement), {"id": mail_id}).scalars())


def _state(town: Town, mail_id: str) -> str:
    return _rows(town, "SELECT state FROM mails WHERE id = CAST(:id AS uuid)", mail_id)[0]


def _kept(town: Town) -> str:
    _keep_one(town)
    found = "SELECT id::text FROM mails WHERE state = :id ORDER BY id DESC LIMIT 1"
    return _rows(town, found, "kept")[0]


@pytest.mark.usefixtures("server")
def test_a_kept_mail_is_sent_once(town: Town) -> None:
    mail_id = _kept(town)
    operator = town.browser(town.operator)
    offered = SEND.findall(operator.get("/mails").get_data(as_text=True))
    assert (f"/mails/{mail_id}/send", mail_id) in offered
    answer = operator.post(f"/mails/{mail_id}/send", follow=True).get_data(as_text=True)
    assert "The mail is on its way." in answer
    assert mail_id not in answer
    assert _state(town, mail_id) == "waiting"
    jobs = "SELECT name FROM outbox_jobs WHERE payload->>'mail_id' = :id"
    assert _rows(town, jobs, mail_id) == ["mail.send"]
    assert operator.post(f"/mails/{mail_id}/send").status_code == 404
    assert operator.post(f"/mails/{uuid.uuid4()}/send").status_code == 404


@pytest.mark.usefixtures("server")
def test_only_the_chosen_mail_is_sent(town: Town) -> None:
    first, second = _kept(town), _kept(town)
    town.browser(town.operator).post(f"/mails/{second}/send")
    assert (_state(town, first), _state(town, second)) == ("kept", "waiting")


def test_without_a_server_the_page_says_how_to_have_one(town: Town) -> None:
    mail_id = _kept(town)
    operator = town.browser(town.operator)
    page = operator.get("/mails").get_data(as_text=True)
    assert "SILTA_SMTP_URL" in page
    assert not SEND.search(page)
    answer = operator.post(f"/mails/{mail_id}/send", follow=True).get_data(as_text=True)
    assert "There is no mail server yet." in answer
    assert _state(town, mail_id) == "kept"


def _code_for(town: Town, to: str, *, code: str = "KRVN-2207") -> uuid.UUID:
    with town.tenancy(town.alices).work() as work:
        values = {"tenant": "Alice Oy", "code": code, "hours": "1"}
        ring = town.desk.ring
        kind = MailKind.CENTRE_CODE
        return compose(work, ring, to=to, kind=kind, values=values, sending=False)


def _views(town: Town, tenant_id: uuid.UUID) -> int:
    statement = "SELECT count(*) FROM ledger_events WHERE tenant_id = :id AND event = :kind"
    with town.house.installation.superuser().connect() as connection:
        given = {"id": tenant_id, "kind": Event.MAIL_VIEWED.value}
        return int(connection.execute(text(statement), given).scalar_one())


def test_a_code_of_a_privacy_centre_is_passed_on(town: Town) -> None:
    mail_id = _code_for(town, "robin@example.org")
    operator = town.browser(town.operator)
    page = operator.get("/mails").get_data(as_text=True)
    address = f"/mails/of/{town.alices}/{mail_id}"
    assert address in page
    assert "Alice Oy" in page
    before = _views(town, town.alices)
    answer = operator.get(address).get_data(as_text=True)
    assert "KRVN-2207" in answer
    assert _views(town, town.alices) == before + 1
    assert operator.get(f"/mails/of/{town.charlies}/{mail_id}").status_code == 404
    assert operator.get(f"/mails/of/{uuid.uuid4()}").status_code == 404
    assert operator.get(f"/mails/{mail_id}").status_code == 404


def test_an_organisation_with_many_has_pages_of_its_own(town: Town) -> None:
    made = [_code_for(town, f"person{n}@example.org") for n in range(PAGE + 1)]
    operator = town.browser(town.operator)
    place = f"/mails/of/{town.alices}"
    assert f'href="{place}"' in operator.get("/mails").get_data(as_text=True)
    page = operator.get(place).get_data(as_text=True)
    assert f"{place}/{made[-1]}" in page
    assert f"{place}/{made[0]}" not in page
    assert f"{place}/{made[0]}" in operator.get(f"{place}?after={made[1]}").get_data(as_text=True)


@pytest.mark.usefixtures("server")
def test_with_a_server_mails_of_organisations_are_their_recipients(town: Town) -> None:
    mail_id = _code_for(town, "robin@example.org")
    operator = town.browser(town.operator)
    assert "/mails/of/" not in operator.get("/mails").get_data(as_text=True)
    assert operator.get(f"/mails/of/{town.alices}").status_code == 404
    assert operator.get(f"/mails/of/{town.alices}/{mail_id}").status_code == 404


@pytest.mark.attack(30)
def test_no_role_of_an_organisation_reads_them(town: Town) -> None:
    mail_id = _code_for(town, "robin@example.org")
    for person in (town.alice, town.agent):
        assert town.browser(person).get(f"/mails/of/{town.alices}/{mail_id}").status_code == 403


@pytest.mark.attack(30)
@pytest.mark.usefixtures("server")
def test_no_role_of_an_organisation_sends(town: Town) -> None:
    mail_id = _kept(town)
    for person in (town.alice, town.agent, town.auditor):
        assert town.browser(person).post(f"/mails/{mail_id}/send").status_code == 403
    assert town.browser().post(f"/mails/{mail_id}/send").status_code == 401
    assert _state(town, mail_id) == "kept"
