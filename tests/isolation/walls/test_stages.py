"""A sign-in that is not finished opens its own steps and nothing else (ATTACK 30)."""

from collections.abc import Callable

import pytest
from werkzeug.routing import Rule

from connector.http.console.problems import step_owed
from tenants.http.access import Access, Demand
from tenants.http.guard import is_machine
from tenants.http.headers import is_static
from tenants.permissions import Role
from tenants.principals import Stage
from tests.functional.console.town import PASSWORD, Browser
from tests.isolation.walls.addresses import path_of
from tests.isolation.walls.world import UNKNOWN, World

Enter = Callable[[World], Browser]


def _with_password_only(world: World) -> Browser:
    person = world.town.person("halvar", Role.OWNER, world.town.charlies)
    world.town.enrol(person)
    browser = world.town.browser()
    assert browser.post("/sign-in", email=person.email, password=PASSWORD).status_code == 302
    return browser


def _with_a_password_of_somebody_else(world: World) -> Browser:
    town = world.town
    person = town.person("nora", Role.OWNER, town.charlies, must_change_password=True)
    browser = town.browser()
    browser.post("/sign-in", email=person.email, password=PASSWORD)
    return browser


def _owing_a_second_factor(world: World) -> Browser:
    town = world.town
    tenant = town.charlies
    person = town.person("enno", Role.OWNER, tenant)
    with town.desk.tenant(tenant) as work:
        work.connection.exec_driver_sql("UPDATE tenants SET mfa_required = true")
    browser = town.browser()
    browser.post("/sign-in", email=person.email, password=PASSWORD)
    return browser


HALVES = {
    Stage.PASSWORD: _with_password_only,
    Stage.RENEW: _with_a_password_of_somebody_else,
    Stage.ENROL: _owing_a_second_factor,
}


@pytest.mark.attack(30)
@pytest.mark.parametrize("stage", HALVES)
def test_half_a_sign_in_opens_its_own_steps_only(world: World, stage: Stage) -> None:
    browser = HALVES[stage](world)
    owed = path_of_endpoint(world, step_owed(stage))
    assert browser.get("/overview").headers["Location"] == owed, "stands where it should"
    opened = {
        rule.endpoint
        for rule, method, access in world.rules()
        if access.demand not in (Demand.PUBLIC, Demand.HOLDER)
        and _opens(browser, rule, method, access, owed)
    }
    steps = {
        rule.endpoint
        for rule, _, access in world.rules()
        if access.demand is Demand.STEP and stage in access.stages
    }
    # Some step's own answer is to send on to the step that is owed.
    assert opened <= steps
    assert "sign_in.sign_out" in opened
    assert browser.get("/overview").headers["Location"] == owed, "and stands there still"


def path_of_endpoint(world: World, endpoint: str) -> str:
    rule = next(rule for rule, _, _ in world.rules() if rule.endpoint == endpoint)
    return path_of(rule, {})


def _opens(browser: Browser, rule: Rule, method: str, access: Access, owed: str) -> bool:
    """Whether the answer is a view's own: neither a refusal nor a redirect to the step owed."""
    if is_static(rule.endpoint) or rule.endpoint == "sign_in.sign_out":
        return access.demand is Demand.STEP
    sent = {} if method == "GET" else {"csrf_token": browser.token()}
    values = dict.fromkeys(rule.arguments, UNKNOWN if ":" in rule.rule else "x")
    answer = browser.client.open(path_of(rule, dict(values)), method=method, data=sent)
    if is_machine(rule.rule):
        assert answer.status_code == 401, rule.rule
        return False
    assert answer.status_code < 500, rule.rule
    if answer.status_code in (401, 403):
        return False
    return rule.rule == owed or answer.headers.get("Location") != owed


@pytest.mark.attack(29)
def test_a_session_that_ended_opens_nothing(world: World) -> None:
    browser = world.town.browser(world.town.person("ulla", Role.OWNER, world.town.alices))
    cookie = browser.client.get_cookie("silta_session")
    assert cookie is not None
    browser.post("/sign-out")
    thief = world.town.browser()
    thief.client.set_cookie("silta_session", cookie.value)
    for rule, method, access in world.rules():
        if access.demand is Demand.PUBLIC or is_machine(rule.rule):
            continue
        values = dict.fromkeys(rule.arguments, UNKNOWN)
        answer = thief.client.open(path_of(rule, dict(values)), method=method)
        if method == "GET":
            entrance = "/sign-in" if access.demand is not Demand.HOLDER else (
                f"/account/{UNKNOWN}/sign-in"
            )  # fmt: skip
            assert answer.headers.get("Location") == entrance, rule.rule
        else:
            assert answer.status_code == 401, rule.rule
