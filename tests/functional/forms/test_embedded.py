"""The form in a page elsewhere: only pages of its origins, only with the work done."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from connector.inquiries.robots import challenges, judge
from tests.functional.console.town import Town
from tests.functional.forms.test_page import threads
from tests.functional.forms.visitors import ORIGIN, Visitor, new_form, solve

FIELDS = {"name": "Robin Example", "email": "robin@example.org", "message": "Hello"}


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "SOONEST", timedelta())


def definition(visitor: Visitor, key: str, origin: str | None = ORIGIN) -> TestResponse:
    return visitor.client.get(f"/forms/v1/{key}", headers={"Origin": origin} if origin else {})


def solved(visitor: Visitor, key: str, **more: Any) -> dict[str, Any]:
    shown = definition(visitor, key).json
    assert shown is not None
    number = solve(shown["challenge"], shown["bits"])
    return {"challenge": shown["challenge"], "number": number, "fields": FIELDS} | more


def post(visitor: Visitor, key: str, body: Any, origin: str | None = ORIGIN) -> TestResponse:
    headers = {"Origin": origin} if origin else {}
    return visitor.client.post(f"/forms/v1/{key}/inquiries", json=body, headers=headers)


@pytest.mark.promise("D7")
def test_a_page_of_the_tenant_shows_and_sends_the_form(
    town: Town, consultants: uuid.UUID, visitor: Visitor
) -> None:
    form = new_form(town, consultants)
    shown = definition(visitor, form.key)
    assert shown.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Access-Control-Allow-Credentials" not in shown.headers
    assert "Origin" in shown.headers["Vary"]
    answer = post(visitor, form.key, solved(visitor, form.key))
    assert answer.status_code == 200, answer.json
    assert answer.json is not None
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Set-Cookie" not in answer.headers
    assert threads(town, consultants)[0].head.reference == answer.json["reference"]


def test_a_preflight_is_answered_for_declared_origins_only(
    town: Town, consultants: uuid.UUID, visitor: Visitor
) -> None:
    form = new_form(town, consultants)
    for path in (f"/forms/v1/{form.key}", f"/forms/v1/{form.key}/inquiries"):
        told = visitor.client.options(path, headers={"Origin": ORIGIN})
        assert told.status_code == 204
        assert told.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert told.headers["Access-Control-Allow-Headers"] == "content-type"
        for other in ("https://www.example.net", "null", "http://www.example.com", ""):
            told = visitor.client.options(path, headers={"Origin": other})
            assert told.status_code == 403, other
            assert "Access-Control-Allow-Origin" not in told.headers


def test_pages_of_others_get_nothing(town: Town, consultants: uuid.UUID, visitor: Visitor) -> None:
    form = new_form(town, consultants)
    body = solved(visitor, form.key)
    before = len(threads(town, consultants))
    for other in ("https://www.example.net", "null", f"{ORIGIN}.example.net", f"{ORIGIN}:8443"):
        assert definition(visitor, form.key, other).status_code == 403
        answer = post(visitor, form.key, body, other)
        assert answer.status_code == 403
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert len(threads(town, consultants)) == before
    assert post(visitor, form.key, body).status_code == 200, "the challenge was not spent"


@pytest.mark.promise("D7")
def test_without_the_work_nothing_is_taken(
    town: Town, consultants: uuid.UUID, visitor: Visitor
) -> None:
    form, other = new_form(town, consultants), new_form(town, consultants)
    good = solved(visitor, form.key)
    head, _, tail = good["challenge"].partition(".")
    for change, code in (
        ({"number": ""}, "proof_needed"),
        ({"number": "1"}, "proof_needed"),
        ({"number": "-1"}, "proof_needed"),
        ({"number": "9" * 400}, "proof_needed"),
        ({"challenge": ""}, "challenge_invalid"),
        ({"challenge": "x.y"}, "challenge_invalid"),
        ({"challenge": f"{head}.{tail[:-2]}AA"}, "challenge_invalid"),
        ({"challenge": f"A{head[1:]}.{tail}"}, "challenge_invalid"),
        ({"website": "https://spam.example"}, "trap_filled"),
    ):
        answer = post(visitor, form.key, good | change)
        assert answer.status_code == 422, change
        assert answer.json is not None
        assert answer.json["code"] == code, change
    elsewhere = post(visitor, other.key, good)
    assert elsewhere.json is not None
    assert elsewhere.json["code"] == "challenge_invalid", "of another form"
    assert post(visitor, form.key, good).status_code == 200


@pytest.mark.promise("D7")
def test_of_many_at_once_one_gets_in(town: Town, consultants: uuid.UUID, visitor: Visitor) -> None:
    form = new_form(town, consultants)
    body = solved(visitor, form.key)
    before = len(threads(town, consultants))

    def attempt(_: int) -> int:
        client = Visitor(town.app.test_client(use_cookies=False))
        return post(client, form.key, body).status_code

    with ThreadPoolExecutor(6) as pool:
        told = sorted(pool.map(attempt, range(6)))
    assert told == [200] + [409] * 5
    assert len(threads(town, consultants)) == before + 1


def test_an_old_challenge_is_not_taken(
    town: Town, consultants: uuid.UUID, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = new_form(town, consultants)
    body = solved(visitor, form.key)
    monkeypatch.setattr(challenges, "LASTS", timedelta())
    answer = post(visitor, form.key, body)
    assert answer.json is not None
    assert answer.json["code"] == "challenge_expired"


@pytest.mark.promise("D7")
def test_work_grows_while_a_form_is_flooded(
    town: Town, consultants: uuid.UUID, visitor: Visitor
) -> None:
    form = new_form(town, consultants)
    bits = [definition(visitor, form.key).json["bits"] for _ in range(50)]  # type: ignore[index]
    assert bits[0] == 15
    assert bits[-1] == 16
    assert [definition(visitor, form.key).status_code for _ in range(15)][-1] == 429


@pytest.mark.promise("A12")
@pytest.mark.attack(43)
def test_what_is_not_declared_is_refused(
    town: Town, consultants: uuid.UUID, visitor: Visitor
) -> None:
    form = new_form(town, consultants)
    good = solved(visitor, form.key)
    word = "canary-of-a-field"
    for change in ({"fields": FIELDS | {word: "x"}}, {"fields": FIELDS | {"company": word}}):
        answer = post(visitor, form.key, good | change)
        assert answer.status_code == 422
        assert answer.json is not None
        assert answer.json["code"] == "not_declared"
        assert word not in answer.get_data(as_text=True)
    odd: list[Any] = [good | {word: 1}, good | {"fields": {"name": 1}}, good | {"fields": []}, []]
    for body in odd:
        assert post(visitor, form.key, body).status_code == 422
    assert post(visitor, form.key, good | {"fields": {"message": "x" * 70_000}}).status_code == 413
    told = visitor.client.post(
        f"/forms/v1/{form.key}/inquiries", data=b"{", headers={"Origin": ORIGIN}
    )
    assert told.status_code == 415


def test_the_script_is_for_every_page(visitor: Visitor) -> None:
    answer = visitor.client.get("/forms/embed.js")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert answer.mimetype == "text/javascript"
    text = answer.get_data(as_text=True)
    for forbidden in ("eval(", "innerHTML", "document.cookie", "localStorage", ".style"):
        assert forbidden not in text
    assert len(text) < 16_000
    answer.close()


@pytest.mark.attack(39)
def test_a_form_is_found_by_its_key_and_in_its_tenant_only(
    town: Town, consultants: uuid.UUID, visitor: Visitor
) -> None:
    """Charlie's form takes nothing in for Alice's tenant, and her challenge opens nothing there."""
    hers = new_form(town, consultants)
    with town.desk.tenant(town.charlies) as work:
        work.connection.exec_driver_sql("UPDATE tenants SET services = '{C,T}'")
    his = new_form(town, town.charlies)
    body = solved(visitor, hers.key)
    answer = post(visitor, his.key, body)
    assert answer.json is not None
    assert answer.json["code"] == "challenge_invalid"
    before = len(threads(town, consultants))
    assert post(visitor, his.key, solved(visitor, his.key)).status_code == 200
    assert len(threads(town, consultants)) == before
    assert len(threads(town, town.charlies)) == 1
