"""Deny by default, tried over the whole URL map, so that what is added tomorrow is covered."""

import re
import uuid
from collections.abc import Iterator
from itertools import cycle, islice

import pytest
from flask import Flask
from werkzeug.routing import Rule

from connector.calls.ingest import ingest_calls
from connector.calls.queries import Query
from connector.calls.search import search_calls
from privacy.core.errors import Misconfigured
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.jobs import list_jobs
from privacy.core.outbox.names import JobName
from privacy.mails.list_mails import list_mails
from tenants.api_keys.create import create_api_key
from tenants.http import guard, rates
from tenants.http.access import Access, Demand, access_of, public
from tenants.http.guard import is_anonymous, is_machine
from tenants.http.headers import is_static
from tenants.invitations.invite import invite
from tenants.permissions import GRANTS, KEY_SCOPES, Permission, Role
from tenants.principals import Principal, PrincipalKind, Stage
from tenants.sessions.list import own_sessions
from tests.factories import a_call
from tests.functional.console.town import Browser, Person, Town

_UNKNOWN = str(uuid.UUID("0198c0de-0000-7000-8000-00000000dead"))
FIELDS = {"people.change_role": {"role": "agent"}, "accounts.credential": {"credential": "x"}}


def _rules(town: Town) -> Iterator[tuple[Rule, str, str, Access]]:
    """Each rule with one of its methods, a path, and its declaration."""
    for rule in town.app.url_map.iter_rules():
        access = access_of(town.app.view_functions[rule.endpoint])
        assert access is not None, rule.endpoint
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield rule, method, _path(rule), access


def _path(rule: Rule) -> str:
    path = rule.rule
    for name in rule.arguments:
        for kind in ("uuid:", "path:", ""):
            path = path.replace(f"<{kind}{name}>", _UNKNOWN)
    return path


def test_every_view_declares_who_may_see_it(town: Town) -> None:
    assert len(list(_rules(town))) > 60


def test_a_view_without_a_declaration_stops_the_boot() -> None:
    app = Flask("bare")
    app.add_url_rule("/bare", endpoint="bare", view_func=lambda: "")
    with pytest.raises(Misconfigured, match="bare"):
        guard.enforce(app)


@pytest.fixture(autouse=True)
def _no_flood_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every route, with each method and several ids, is more than a person asks in a minute."""
    for limit in ("PEOPLE", "STRANGERS"):
        monkeypatch.setattr(rates, limit, "1000000 per minute")


def test_public_views_say_why(town: Town) -> None:
    for rule, _, _, access in _rules(town):
        if access.demand is Demand.PUBLIC:
            assert len(access.reason) > 10, rule.endpoint


def _answers(browser: Browser, town: Town) -> Iterator[tuple[Rule, str, Access, int, str]]:
    for rule, method, path, access in _rules(town):
        if is_static(rule.endpoint):
            continue
        answer = browser.client.open(path, method=method)
        yield rule, method, access, answer.status_code, answer.headers.get("Location", "")


def test_strangers_see_public_views_only(town: Town) -> None:
    for rule, method, access, status, place in _answers(town.browser(), town):
        if access.demand is Demand.PUBLIC:
            assert status != 403, rule.endpoint
        elif is_machine(rule.rule) or method == "POST":
            assert status == 401, rule.endpoint
        else:
            entrance = "/sign-in"
            if access.demand is Demand.HOLDER:
                entrance = place if re.fullmatch(r"/account/[^/]+/sign-in", place) else ""
            assert (status, place) == (302, entrance), rule.endpoint


@pytest.mark.attack(33)
def test_every_changing_request_needs_a_token(town: Town) -> None:
    browser, operator = town.browser(town.alice), town.browser(town.operator)
    tried = 0
    for rule, method, path, access in _rules(town):
        if method != "POST" or is_machine(rule.rule) or is_anonymous(rule.rule):
            continue
        if access.demand is Demand.HOLDER:
            continue  # with its own cookie: see tests/functional/portal
        if access.demand is Demand.STEP and Stage.FULL not in access.stages:
            continue
        hers = access.permission is None or access.permission in GRANTS[Role.OWNER]
        client = (browser if hers else operator).client
        assert client.post(path).status_code == 400, rule.endpoint
        tried += 1
    assert tried > 20
    assert browser.get("/overview").status_code == 200


def test_each_role_sees_what_its_permissions_say(town: Town) -> None:
    for person in (town.agent, town.auditor, town.operator):
        _sees_its_own(town, person)


def _sees_its_own(town: Town, person: Person) -> None:
    browser = town.browser(person)
    for rule, method, path, access in _rules(town):
        if method != "GET" or access.demand is not Demand.PERMISSION:
            continue
        if is_machine(rule.rule):
            continue
        status = browser.client.get(path).status_code
        assert status in (200, 302, 403, 404), (rule.endpoint, status)


def _ids_of_alices(town: Town) -> dict[str, uuid.UUID]:
    """One of everything that has an id in an address."""
    tenancy, desk = town.tenancy(town.alices), town.desk
    account = tenancy.account()
    with tenancy.work() as work:
        ingest_calls(work, vault=desk.ring, account=account, calls=[a_call()])
        query = Query()
        call = search_calls(work, vault=desk.ring, query=query).calls[0].id
        key = create_api_key(desk.ring, work, name="Hers", scopes=[Permission.CALLS_READ]).id
        enqueue(work, name=JobName.KEYS_AHEAD, payload={})
        job = list_jobs(work, state="waiting")[0].id
    owner = Principal(PrincipalKind.USER, town.alices, town.alice.id, role=Role.OWNER.value)
    invitation = invite(desk, principal=owner, email="hers@example.org", role=Role.AGENT)
    town.browser(town.alice)
    with desk.installation() as work:
        session = own_sessions(work, user_id=town.alice.id)[0].id
        mail = list_mails(work)[0].id
    return {
        "account": account.id,
        "call": call,
        "key": key,
        "job": job,
        "invitation": invitation,
        "session": session,
        "mail": mail,
        "user": town.agent.id,
        "tenant": town.alices,
    }


@pytest.mark.attack(34)
def test_charlie_finds_nothing_with_ids_of_another_kind(town: Town) -> None:
    """Hers in turn; each route is asked for its own in tests/isolation/walls/test_ids.py."""
    known = _ids_of_alices(town)
    browser = town.browser(town.charlie)
    token, tried = browser.token(), set()
    wrong: list[tuple[str, int]] = []
    turn = cycle(known.values())
    for rule, method, _, access in _rules(town):
        if not any(f"<uuid:{name}>" in rule.rule for name in rule.arguments):
            continue
        for one in islice(turn, 2):
            path = re.sub(r"<uuid:\w+>", str(one), rule.rule)
            sent = {"csrf_token": token} | FIELDS.get(rule.endpoint, {})
            headers = _key_of_charlies(town) if rule.rule.startswith("/api/") else None
            answer = browser.client.open(path, method=method, data=sent, headers=headers)
            if answer.status_code == 415 and headers:
                continue  # said of a form's body before anything is looked up, whoever's it is
            may = access.permission in GRANTS[Role.OWNER]
            if answer.status_code != (404 if may else 403):
                wrong.append((rule.endpoint, answer.status_code))
            tried.add(rule.endpoint)
    assert wrong == []
    assert {"api.read_call", "calls.show", "accounts.show", "people.show"} <= tried
    assert len(tried) > 18


def _key_of_charlies(town: Town) -> dict[str, str]:
    with town.tenancy(town.charlies).work() as work:
        made = create_api_key(town.desk.ring, work, name="His", scopes=KEY_SCOPES)
    return {"Authorization": f"Bearer {made.text}"}


@pytest.mark.attack(43)
def test_fields_that_a_page_does_not_have_are_refused(town: Town) -> None:
    browser = town.browser(town.alice)
    browser.get("/people/invite")
    answer = browser.post("/people/invite", email="x@example.org", role="agent", tenant_id=_UNKNOWN)
    assert answer.status_code == 400
    assert "a field that we do not know" in answer.get_data(as_text=True)


def test_an_unknown_address_is_a_page_in_plain_words(town: Town) -> None:
    answer = town.browser(town.alice).get("/nowhere")
    assert answer.status_code == 404
    assert "Nothing here" in answer.get_data(as_text=True)


def test_declared_views_stay_callable() -> None:
    @public("for a test of declarations")
    def view() -> str:
        return "seen"

    assert view() == "seen"
