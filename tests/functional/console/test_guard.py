"""Deny by default, tried over the whole URL map, so that what is added tomorrow is covered."""

import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from privacy.core.errors import Misconfigured
from tenants.http import guard
from tenants.http.access import Access, Demand, access_of, public
from tenants.http.headers import is_static
from tenants.permissions import Role
from tenants.principals import Stage
from tests.functional.console.town import PASSWORD, Browser, Person, Town

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
        elif rule.rule.startswith("/api/") or method == "POST":
            assert status == 401, rule.endpoint
        else:
            assert (status, place) == (302, "/sign-in"), rule.endpoint


@pytest.mark.attack(30)
def test_half_a_sign_in_opens_its_own_steps_only(town: Town) -> None:
    person = town.person("halvar", Role.OWNER, town.alices)
    town.enrol(person)
    browser = town.browser()
    browser.post("/sign-in", email=person.email, password=PASSWORD)
    for rule, method, access, status, place in _answers(browser, town):
        if access.demand is Demand.PUBLIC or rule.endpoint == "sign_in.sign_out":
            continue
        if access.demand is Demand.STEP and Stage.PASSWORD in access.stages:
            assert status == (200 if method == "GET" else 400), rule.endpoint
        elif rule.rule.startswith("/api/"):
            assert status == 401, rule.endpoint
        elif method == "POST":
            assert status == 403, rule.endpoint
        else:
            assert (status, place) == (302, "/sign-in/code"), rule.endpoint


@pytest.mark.attack(33)
def test_every_changing_request_needs_a_token(town: Town) -> None:
    browser = town.browser(town.alice)
    tried = 0
    for rule, method, path, access in _rules(town):
        if method != "POST" or rule.rule.startswith(("/api/", "/in/")):
            continue
        if access.demand is Demand.STEP and Stage.FULL not in access.stages:
            continue
        if access.permission is not None and access.permission.startswith(("jobs", "tenants")):
            continue
        assert browser.client.post(path).status_code == 400, rule.endpoint
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
        if rule.rule.startswith("/api/"):
            continue
        status = browser.client.get(path).status_code
        assert status in (200, 302, 403, 404), (rule.endpoint, status)


@pytest.mark.attack(34)
def test_charlie_finds_nothing_of_alices(town: Town) -> None:
    account = town.tenancy(town.alices).account().id
    person = town.agent.id
    browser = town.browser(town.charlie)
    for rule, method, _, access in _rules(town):
        if access.demand is not Demand.PERMISSION or rule.rule.startswith("/api/"):
            continue
        if not rule.arguments & {"account_id", "call_id", "key_id", "user_id", "invitation_id"}:
            continue
        for known in (account, person):
            path = rule.rule
            for name in rule.arguments:
                path = path.replace(f"<uuid:{name}>", str(known))
            sent = {"csrf_token": browser.token()} | FIELDS.get(rule.endpoint, {})
            answer = browser.client.open(path, method=method, data=sent)
            assert answer.status_code == 404, (rule.endpoint, answer.status_code)


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
