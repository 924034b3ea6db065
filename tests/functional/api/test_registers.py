"""Consents, objections and the suppression check, as an integrator's program uses them."""

import uuid
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from privacy.suppressions.links import read_link, unsubscribe_by_link
from tenants.permissions import Permission
from tenants.principals import Mode
from tests.functional.api.programs import Programs
from tests.tenancies import House, Tenancy

CONSENTS = "/api/v1/consents"
OBJECTIONS = "/api/v1/objections"
CHECK = "/api/v1/suppressions/check"
WISH: dict[str, Any] = {
    "purpose": "direct_marketing",
    "email": "Robin@Example.com",
    "name": "Robin Example",
    "wording": "I would like your newsletter by e-mail.",
    "language": "en",
    "version": "2026-1",
    "channel": "form",
}
SAID: dict[str, Any] = {
    "objections": ["telemarketing"],
    "number": "(202) 555-0143",
    "region": "US",
    "channel": "telephone",
}


def subscribe(tenancy: Tenancy, *services: str) -> None:
    """Give a tenant of a test its services."""
    with tenancy.installation.superuser().begin() as connection:
        connection.execute(
            text(
                "INSERT INTO tenants (tenant_id, name_sealed, name_version, services, state, "
                "mfa_required, created_at) VALUES (:id, '', 1, :services, 'active', false, now())"
            ),
            {"id": tenancy.id, "services": list(services)},
        )


class Caller:
    """A program with its key."""

    def __init__(self, programs: Programs, tenancy: Tenancy, mode: Mode = Mode.LIVE) -> None:
        self.client, self.key = programs.client, programs.key(tenancy, mode=mode)

    def post(self, path: str, body: object = None) -> TestResponse:
        return self.client.post(path, json=body, headers=self.key)

    def ok(self, path: str, body: object = None) -> Any:
        answer = self.client.post(path, json=body, headers=self.key) if body else None
        answer = answer or self.client.get(path, headers=self.key)
        assert answer.status_code == 200, answer.json
        return answer.json

    def check(self, purpose: str, *to: dict[str, str], **more: str) -> list[str]:
        said = self.ok(CHECK, {"purpose": purpose, "to": list(to), **more})
        assert said["allowed"] == sum(one["allowed"] for one in said["verdicts"])
        return [one["reason"] for one in said["verdicts"]]


@pytest.fixture
def program(programs: Programs, house: House) -> Caller:
    subscribe(house.alice, "T", "V")
    return Caller(programs, house.alice)


MAIL = {"email": "robin@example.com"}
NUMBER = {"number": "+12025550143"}


@pytest.mark.promise("C10")
def test_a_consent_is_recorded_checked_and_withdrawn(program: Caller) -> None:
    assert program.check("direct_marketing", MAIL) == ["no_consent"]
    made = program.ok(CONSENTS, WISH | {"service": "V"})
    assert program.check("direct_marketing", MAIL, service="V") == ["consented"]
    assert program.check("direct_marketing", MAIL, service="T") == ["no_consent"]
    one = program.ok(f"{CONSENTS}/{made['id']}")
    assert one["standing"]
    assert (one["email"], one["wording"]) == ("robin@example.com", WISH["wording"])
    assert program.ok(f"{CONSENTS}/search", MAIL)["consents"] == [one]
    assert program.ok(CONSENTS)["consents"] == [one]
    said = {"channel": "telephone", "evidence": "recording 4"}
    program.ok(f"{CONSENTS}/{made['id']}/withdraw", said)
    program.ok(f"{CONSENTS}/{made['id']}/withdraw", said)
    assert program.check("direct_marketing", MAIL, service="V") == ["consent_withdrawn"]
    events = program.ok(f"{CONSENTS}/{made['id']}")["events"]
    assert [event["act"] for event in events] == ["given", "withdrawn"]


@pytest.mark.promise("C10")
def test_an_allowed_mail_is_given_its_one_click_address(program: Caller, house: House) -> None:
    program.ok(CONSENTS, WISH | {"service": "V"})
    asked = {"purpose": "direct_marketing", "to": [MAIL, NUMBER], "service": "V"}
    first, second = program.ok(CHECK, asked)["verdicts"]
    assert "unsubscribe" not in second
    address = urlsplit(first["unsubscribe"])
    assert address.path.startswith("/privacy/unsubscribe/")
    assert "robin" not in first["unsubscribe"]
    link = read_link(address.path.rsplit("/", 1)[1])
    with house.alice.work() as work:
        unsubscribe_by_link(work, house.vault, link)
    assert program.check("direct_marketing", MAIL, service="V") == ["unsubscribed"]
    code = program.ok(CHECK, {"purpose": "one_time_code", "to": [MAIL]})["verdicts"][0]
    assert code == {"allowed": True, "reason": "always_allowed"}


@pytest.mark.promise("C6")
@pytest.mark.promise("A7")
@pytest.mark.parametrize("field", ["name", "wording", "evidence"])
def test_no_register_takes_a_card_number(program: Caller, field: str) -> None:
    answer = program.post(CONSENTS, WISH | {field: "Paid with 4111 1111 1111 1111"})
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["code"] == "card_number"
    assert [one["pointer"] for one in answer.json["errors"]] == [f"/{field}"]
    assert b"4111" not in answer.data


def test_an_objection_is_honoured_at_once_and_can_end(program: Caller) -> None:
    assert program.check("telemarketing", NUMBER, service="T") == ["not_objected"]
    (made,) = program.ok(OBJECTIONS, SAID)["ids"]
    assert program.check("telemarketing", NUMBER, service="T") == ["objected"]
    assert program.check("opinion_polls", NUMBER, service="T") == ["not_objected"]
    assert program.check("one_time_code", NUMBER) == ["always_allowed"]
    one = program.ok(f"{OBJECTIONS}/{made}")
    assert (one["number"], one["channel"], one["standing"]) == ("+12025550143", "telephone", True)
    assert program.ok(f"{OBJECTIONS}/search", NUMBER)["objections"] == [one]
    assert program.post(f"{OBJECTIONS}/{made}/end").status_code == 200
    assert program.check("telemarketing", NUMBER, service="T") == ["not_objected"]
    assert not program.ok(OBJECTIONS)["objections"][0]["standing"]


def test_a_thousand_are_answered_in_the_order_sent(program: Caller) -> None:
    program.ok(CONSENTS, WISH | {"service": "V"})
    to = [{"email": f"person{n}@example.com"} for n in range(997)]
    mixed = [*to, MAIL, {"email": "nobody"}, {"number": "anonymous"}]
    said = program.check("direct_marketing", *mixed, service="V")
    assert said == ["no_consent"] * 997 + ["consented", "unreadable", "unreadable"]
    too_many = {"purpose": "direct_marketing", "to": [MAIL] * 1001}
    assert program.post(CHECK, too_many).status_code == 422
    assert program.post(CHECK, {"purpose": "direct_marketing", "to": []}).status_code == 422


@pytest.mark.promise("C10")
@pytest.mark.promise("D5")
def test_cloudvisor_asks_for_nothing_and_sends_nothing(programs: Programs, house: House) -> None:
    subscribe(house.alice, "C")
    program = Caller(programs, house.alice)
    refused = program.post(CONSENTS, WISH)
    assert refused.status_code == 422
    assert refused.json is not None
    assert refused.json["code"] == "consent_not_askable"
    assert program.check("direct_marketing", MAIL, NUMBER) == ["no_marketing"] * 2
    assert program.check("future_communication", MAIL) == ["not_objected"]


def test_pages_follow_each_other(program: Caller) -> None:
    made = [program.ok(OBJECTIONS, SAID)["ids"][0] for _ in range(5)]
    seen: list[str] = []
    path = f"{OBJECTIONS}?limit=2"
    while True:
        page = program.ok(path)
        seen += [one["id"] for one in page["objections"]]
        if page["next_cursor"] is None:
            break
        path = f"{OBJECTIONS}?limit=2&cursor={page['next_cursor']}"
    assert seen == made[::-1]


UNUSABLE: list[tuple[str, dict[str, Any]]] = [
    (CONSENTS, WISH | {"purpose": "everything"}),
    (CONSENTS, WISH | {"service": "N"}),
    (CONSENTS, WISH),
    (CONSENTS, WISH | {"service": "V", "email": "nobody"}),
    (CONSENTS, WISH | {"service": "V", "wording": " "}),
    (CONSENTS, WISH | {"service": "V", "at": "2026-11-22T09:15:00"}),
    (CONSENTS, WISH | {"service": "V", "at": "9999-12-31T23:59:59-14:00"}),
    (CONSENTS, WISH | {"service": "V", "at": "0001-01-01T00:00:00+14:00"}),
    (CONSENTS, WISH | {"service": "V", "name": "Robin\u0000"}),
    (CONSENTS, {k: v for k, v in WISH.items() if k != "email"} | {"service": "V"}),
    (OBJECTIONS, SAID | {"objections": []}),
    (OBJECTIONS, SAID | {"objections": ["everything"]}),
    (OBJECTIONS, SAID | {"channel": "chat"}),
    (OBJECTIONS, SAID | {"number": "anonymous"}),
    (OBJECTIONS, SAID | {"tenant_id": str(uuid.uuid4())}),
    (f"{OBJECTIONS}/search", {}),
    (f"{CONSENTS}/search", MAIL | NUMBER),
    (CHECK, {"purpose": "telemarketing", "to": [MAIL], "service": "T"}),
    (CHECK, {"purpose": "spam", "to": [MAIL]}),
    (CHECK, {"purpose": "direct_marketing", "to": [MAIL], "service": "X"}),
]


def test_what_cannot_be_read_is_said_without_repeating_it(program: Caller) -> None:
    for path, body in UNUSABLE:
        answer = program.post(path, body)
        assert (answer.status_code, answer.content_type) == (422, "application/problem+json"), body
        assert "Robin" not in answer.text
        assert "2025550143" not in answer.text
    assert program.ok(CONSENTS)["consents"] == []


def test_a_test_key_records_nothing_and_learns_of_nobody(
    programs: Programs, house: House, program: Caller
) -> None:
    program.ok(CONSENTS, WISH | {"service": "V"})
    (made,) = program.ok(OBJECTIONS, SAID)["ids"]
    trying = Caller(programs, house.alice, Mode.TEST)
    assert trying.ok(OBJECTIONS, SAID)["ids"]
    assert trying.ok(OBJECTIONS)["objections"] == []
    assert trying.ok(f"{OBJECTIONS}/search", NUMBER)["objections"] == []
    assert trying.client.get(f"{OBJECTIONS}/{made}", headers=trying.key).status_code == 404
    assert trying.check("direct_marketing", MAIL, service="V") == ["no_consent"]
    assert trying.check("telemarketing", NUMBER, service="T") == ["not_objected"]
    assert len(program.ok(OBJECTIONS)["objections"]) == 1


@pytest.mark.attack(34)
def test_another_tenant_s_entries_are_not_there(
    programs: Programs, house: House, program: Caller
) -> None:
    consent = program.ok(CONSENTS, WISH | {"service": "V"})["id"]
    (objection,) = program.ok(OBJECTIONS, SAID)["ids"]
    subscribe(house.charlie, "T", "V")
    charlie = Caller(programs, house.charlie)
    for path in (f"{CONSENTS}/{consent}", f"{OBJECTIONS}/{objection}"):
        assert charlie.client.get(path, headers=charlie.key).status_code == 404
    for path in (f"{CONSENTS}/{consent}/withdraw", f"{OBJECTIONS}/{objection}/end"):
        assert charlie.post(path).status_code == 404
    assert charlie.ok(CONSENTS)["consents"] == []
    assert charlie.check("telemarketing", NUMBER, service="T") == ["not_objected"]
    assert program.check("telemarketing", NUMBER, service="T") == ["objected"]


def test_scopes_are_kept_apart(programs: Programs, house: House) -> None:
    subscribe(house.alice, "T")
    anybody = uuid.uuid4()
    asks = {
        Permission.CONSENTS_READ: ("GET", CONSENTS),
        Permission.CONSENTS_WRITE: ("POST", f"{CONSENTS}/{anybody}/withdraw"),
        Permission.OBJECTIONS_READ: ("GET", OBJECTIONS),
        Permission.OBJECTIONS_WRITE: ("POST", f"{OBJECTIONS}/{anybody}/end"),
        Permission.SUPPRESSIONS_CHECK: ("POST", CHECK),
    }
    for needed, (method, path) in asks.items():
        others = programs.key(house.alice, scopes=set(asks) - {needed})
        mine = programs.key(house.alice, scopes=[needed])
        answers = [
            programs.client.open(path, method=method, headers=key).status_code
            for key in (others, mine, {})
        ]
        assert answers[0] == 403
        assert answers[1] in {200, 404, 415}
        assert answers[2] == 401
