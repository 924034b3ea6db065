"""Charlie asks for what is Alice's by its real id, on every route that takes one (ATTACK 34)."""

import uuid
from collections.abc import Iterator

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tenants.http.access import Access, Demand
from tenants.http.guard import is_machine
from tenants.permissions import GRANTS, KEY_SCOPES, Role
from tests.functional.api.programs import call
from tests.isolation.walls.addresses import path_of
from tests.isolation.walls.world import EXCHANGE, UNKNOWN, World

NO_IDS = {
    "filename": "a file of ours, the same for everybody",
    "day": "a date",
    "kind": "a word of a closed list",
    "token": "a secret of a mail, which is the whole right to use it",
    "secret": "a secret of an address, which is the whole right to use it",
    "name": "a file's name, of no meaning",
    "form_key": "a public key of a form, which stands in pages for everybody",
    "centre_key": "a public key of a privacy centre, which stands in pages for everybody",
    "slug": "the name of a service",
    "number": "a version of a published text",
    "link": "a secret of a mail, which can end that mail and do nothing else",
    "confirmation_id": "random; it does nothing without the code that was mailed",
}
"""Parameters that name nothing of a tenant's."""

FIELDS: dict[str, dict[str, str]] = {
    "people.change_role": {"role": "agent"},
    "accounts.credential": {"credential": "x" * 32},
    "disclosures.make_public": {"digest": "0" * 64},
    "stale.decide": {"decision": "needed"},
    "informing.decide_contact": {"how": "known"},
    "informing.decide_calls": {"how": "known"},
}
"""What a form needs before it looks at its id. A new form that answers otherwise is added."""


def _with_ids(world: World) -> Iterator[tuple[Rule, str, Access]]:
    for rule, method, access in world.rules():
        if rule.arguments - set(NO_IDS):
            yield rule, method, access


def test_every_parameter_is_known(world: World) -> None:
    unknown = {
        f"{rule.rule}: {name}"
        for rule, _, _ in world.rules()
        for name in rule.arguments - set(NO_IDS) - set(world.ids)
    }
    assert unknown == set(), "give Alice one in World.ids, or say in NO_IDS why it names nothing"


@pytest.mark.attack(34)
def test_charlie_finds_nothing_of_alices_in_the_console(world: World) -> None:
    """Nor anything that differs from what never was; and nothing of hers is touched."""
    before = world.fingerprint()
    tried = 0
    for rule, method, access in _with_ids(world):
        if is_machine(rule.rule):
            continue
        hers, nobodys = (_ask(world, rule, method, ids) for ids in _choices(world, rule))
        expected = 404 if _may(access) else 403
        assert hers.status_code == expected, _told(rule, method, hers)
        assert nobodys.status_code == expected, _told(rule, method, nobodys)
        assert _masked(hers) == _masked(nobodys), rule.endpoint
        tried += 1
    assert tried > 20
    assert world.fingerprint() == before
    assert world.browser.get("/overview").status_code == 200


def _choices(world: World, rule: Rule) -> tuple[dict[str, object], dict[str, object]]:
    names = rule.arguments
    return {name: world.ids[name] for name in names}, dict.fromkeys(names, UNKNOWN)


def _may(access: Access) -> bool:
    if access.demand is not Demand.PERMISSION:
        return True
    return access.permission in GRANTS[Role.OWNER]


def _ask(world: World, rule: Rule, method: str, ids: dict[str, object]) -> TestResponse:
    sent = {"csrf_token": world.browser.token()} | FIELDS.get(rule.endpoint, {})
    return world.browser.client.open(
        path_of(rule, ids), method=method, data=sent if method != "GET" else None
    )


def _told(rule: Rule, method: str, answer: TestResponse) -> str:
    return (
        f"{method} {rule.rule} ({rule.endpoint}) answers {answer.status_code} "
        f"{answer.headers.get('Location', '')}: if its form needs more fields, name them in FIELDS"
    )


def _masked(answer: TestResponse) -> str:
    text = answer.get_data(as_text=True)
    number = answer.headers.get("X-Request-Id", "-")
    return text.replace(number, "<request>")


@pytest.mark.attack(34)
def test_charlies_key_finds_nothing_of_alices(world: World) -> None:
    tried = 0
    for rule, method, access in _with_ids(world):
        if not is_machine(rule.rule) or access.demand is Demand.PUBLIC:
            continue
        assert access.permission in KEY_SCOPES, rule.rule
        answers = [
            world.client.open(path_of(rule, ids), method=method, headers=world.charlies_key)
            for ids in _choices(world, rule)
        ]
        assert [answer.status_code for answer in answers] == [404, 404], rule.rule
        bodies = [answer.json for answer in answers]
        for body in bodies:
            assert body is not None
            body.pop("request_id", None)
            body.pop("instance", None)
        assert bodies[0] == bodies[1], rule.rule
        tried += 1
    assert tried >= 1


@pytest.mark.attack(34)
def test_the_ids_are_hers(world: World) -> None:
    """The walk above would prove nothing with ids that nobody has."""
    console = world.alice_in
    for path in (
        *("/systems/{account_id}", "/calls/{call_id}", "/people/{user_id}"),
        *("/contacts/{contact_id}", "/contacts/{contact_id}/edit", "/invoices/{invoice_id}"),
        "/subscriptions/{subscription_id}",
    ):
        answer = console.get(path.format(**{k: str(v) for k, v in world.ids.items()}))
        assert answer.status_code == 200, path
    key = {"Authorization": f"Bearer {world.key.text}"}
    found = world.client.get(f"/api/v1/calls/{world.ids['call_id']}", headers=key)
    assert found.status_code == 200


@pytest.mark.attack(34)
@pytest.mark.parametrize("named", ["account_id", "tenant_id", "user_id"])
def test_ids_in_a_body_open_nothing(world: World, named: str) -> None:
    """What a program sends in its records and searches is looked up in its own tenant."""
    for body in (
        {"account": str(world.ids[named])},
        {"account_id": str(world.ids[named])},
        {"user_id": str(world.ids[named])},
        {named: str(world.ids[named])},
    ):
        answer = world.client.post("/api/v1/calls/search", json=body, headers=world.charlies_key)
        assert answer.status_code in (200, 400, 404, 422), answer.json
        assert answer.json is not None
        assert answer.json.get("calls", []) == []


@pytest.mark.attack(34)
def test_a_record_for_alices_account_is_not_hers(world: World) -> None:
    before = world.fingerprint()
    for account in (str(world.ids["account_id"]), EXCHANGE, str(UNKNOWN)):
        answer = world.client.post(
            "/api/v1/calls",
            json=[call(7, account=account)],
            headers=world.charlies_key,
        )
        assert answer.status_code in (200, 400, 404, 422), answer.json
    assert world.fingerprint() == before


@pytest.mark.attack(34)
def test_charlie_does_not_step_into_alices_organisation(world: World) -> None:
    told = {
        world.browser.post("/organisation", tenant=str(tenant)).status_code
        for tenant in (world.town.alices, UNKNOWN, uuid.UUID(int=0))
    }
    assert len(told) == 1
    page = world.browser.get("/overview").get_data(as_text=True)
    assert "Charlie AB" in page
    assert "Alice Oy" not in page


@pytest.mark.attack(34)
def test_no_page_of_charlies_names_anything_of_alices(world: World) -> None:
    """Every page that needs no id, as he sees it."""
    hers = [str(value) for name, value in world.ids.items() if name != "mail_id"]
    hers += ["Alice Oy", world.town.alice.email, EXCHANGE, "dora@example.com", world.key.text]
    for rule, method, access in world.rules():
        if method != "GET" or rule.arguments or access.demand is Demand.PUBLIC:
            continue
        text = world.browser.client.get(rule.rule).get_data(as_text=True)
        assert [one for one in hers if one in text] == [], rule.rule
