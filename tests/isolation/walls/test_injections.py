"""Statements, templates and paths in every parameter of every route (ATTACK 45)."""

import json

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tenants.http.guard import is_machine
from tenants.http.headers import is_static
from tests.isolation.walls.addresses import path_of
from tests.isolation.walls.world import EXCHANGE, World

PAYLOADS = (
    "' OR '1'='1",
    "1; UPDATE users SET state = 'disabled'--",
    "' UNION SELECT sealed FROM calls--",
    "\\'; DROP TABLE calls; --",
    "$1 %s %(x)s :tenant",
    "{{7919*7907}}${7919*7907}<%= 7919*7907 %>",
    "../../../../etc/passwd",
    "\x00' OR 1=1",
    "x' AND 1=CAST((SELECT name_sealed FROM users LIMIT 1) AS int)--",
    '[]{}"\\u0000',
)
FIELDS = (
    "email", "password", "code", "number", "since", "until", "cursor", "name", "role", "tenant",
    "external_key", "region", "time_zone", "credential", "subject", "scopes", "networks",
)  # fmt: skip
QUERY = ("after", "q", "subject", "onward", "cursor", "limit", "offset", "day", "account", "v")

GUESSED = ("/in/", "/f/", "/forms/", "/account/", "/privacy/")
"""Addresses with a key in them: who tries many is sent away for a minute."""


@pytest.mark.attack(45)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_is_sent_is_run(world: World, payload: str) -> None:
    before = world.fingerprint()
    for rule, method, _ in world.rules():
        if is_static(rule.endpoint) or rule.endpoint == "sign_in.sign_out":
            continue
        for answer in _send(world, rule, method, payload):
            text = answer.get_data(as_text=True)
            place = f"{method} {rule.rule}"
            assert answer.status_code < 500, place
            assert answer.status_code != 429 or rule.rule.startswith(GUESSED), place
            for sign in ("62615533", "root:x:0", EXCHANGE, "Alice Oy", "syntax error", "psycopg"):
                assert sign not in text, place
    assert world.fingerprint() == before


def _send(world: World, rule: Rule, method: str, payload: str) -> list[TestResponse]:
    """As a form of one field each, as a document, and in the address."""
    values: dict[str, object] = {name: world.ids.get(name, payload) for name in rule.arguments}
    path, query = path_of(rule, values), dict.fromkeys(QUERY, payload)
    if is_machine(rule.rule):
        body = json.dumps([dict.fromkeys(FIELDS, payload)] if "calls" in path else {"a": payload})
        documents = (body, json.dumps({"number": payload, "user_id": payload}), payload)
        return [
            world.client.open(
                path, method=method, query_string=query, headers=world.charlies_key,
                data=document, content_type="application/json",
            )
            # With its query a GET may bring a document, too: nothing reads it, so one will do.
            for document in documents[: 1 if method == "GET" else None]
        ]  # fmt: skip
    if method == "GET":
        return [world.browser.client.get(path, query_string=query)]
    token = world.browser.token()
    whole = _form_of(world, path, rule) or FIELDS
    sent = {"csrf_token": token, **dict.fromkeys(whole, payload)}
    return [world.browser.client.open(path, method=method, query_string=query, data=sent)]


_forms: dict[str, list[str]] = {}
"""The same whatever is sent: a page is read for the first payload only."""


def _form_of(world: World, path: str, rule: Rule) -> list[str]:
    """The names of the fields of the page behind this address, where it shows a form."""
    if "GET" not in (rule.methods or ()):
        return []
    if rule.rule not in _forms:
        page = world.browser.client.get(path).get_data(as_text=True)
        _forms[rule.rule] = [name for name in FIELDS if f'name="{name}"' in page]
    return _forms[rule.rule]
