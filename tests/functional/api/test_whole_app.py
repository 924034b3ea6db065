"""The faces for programs within the whole application: real keys, guard, headers, logs."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from connector.accounts.add import add_account
from connector.accounts.kinds import AccountKind
from tenants.api_keys.create import CreatedKey, create_api_key
from tenants.api_keys.revoke import revoke_api_key
from tenants.api_keys.text import PATTERN
from tenants.http.headers import POLICY
from tenants.permissions import KEY_SCOPES
from tests.databases import Databases
from tests.functional.api.exchanges import cdr
from tests.functional.api.programs import call
from tests.functional.console.town import Town
from tests.installations import make_installation
from tests.servers import Servers
from tests.tenancies import House


@pytest.fixture(scope="module")
def town(
    servers: Servers, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """A whole installation of this module's own."""
    with databases.one() as name:
        made = make_installation(servers, name, tmp_path_factory.mktemp("programs"))
        yield Town(House(made))


@pytest.fixture(scope="module")
def client(town: Town) -> FlaskClient:
    with town.desk.tenant(town.alices) as work:
        add_account(work, vault=town.desk.ring, kind=AccountKind.API, name="Own program")
    return town.app.test_client()


def make_key(town: Town) -> CreatedKey:
    with town.desk.tenant(town.alices) as work:
        return create_api_key(town.desk.ring, work, name="A program", scopes=KEY_SCOPES)


@pytest.fixture(scope="module")
def key(town: Town) -> dict[str, str]:
    return {"Authorization": f"Bearer {make_key(town).text}"}


def code_of(answer: TestResponse) -> tuple[int, str]:
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    return answer.status_code, answer.json["code"]


def test_what_is_not_there_is_a_problem_too(client: FlaskClient, key: dict[str, str]) -> None:
    assert code_of(client.get("/api/v1/nothing", headers=key)) == (404, "not_found")
    assert code_of(client.get("/api/")) == (404, "not_found")
    wrong = client.put("/api/v1/calls", headers=key)
    assert code_of(wrong) == (405, "method_not_allowed")
    assert "POST" in wrong.headers["Allow"]
    assert code_of(client.post("/in/")) == (404, "not_found")
    assert code_of(client.get(f"/in/{'x' * 32}")) == (405, "method_not_allowed")


def test_answers_carry_the_headers_of_the_house(client: FlaskClient, key: dict[str, str]) -> None:
    for path in ("/api/v1/me", "/api/docs", "/api/openapi.json"):
        answer = client.get(path, headers=key)
        assert answer.status_code == 200
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers


@pytest.mark.attack(33)
def test_a_session_does_not_open_the_api(town: Town) -> None:
    browser = town.browser(town.alice)
    assert code_of(browser.client.get("/api/v1/me")) == (401, "unauthenticated")
    assert code_of(browser.client.post("/api/v1/calls", json=[])) == (401, "unauthenticated")


@pytest.mark.attack(31)
def test_keys_that_do_not_work_are_refused_alike(town: Town, client: FlaskClient) -> None:
    dead = make_key(town)
    with town.desk.tenant(town.alices) as work:
        revoke_api_key(work, key_id=dead.id)
    typo = dead.text[:-1] + ("A" if dead.text[-1] != "A" else "B")
    for raw in (dead.text, typo, "x", "silta_", "ä"):
        answer = client.post(
            "/api/v1/calls", json=[call(1)], headers={"Authorization": f"Bearer {raw}"}
        )
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert f'id="problem-{code_of(answer)[1]}"' in client.get("/api/docs").text
        assert raw == "x" or raw not in answer.text


@pytest.mark.attack(31)
def test_logs_hold_no_key_no_secret_and_no_number(
    town: Town, client: FlaskClient, key: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    with town.desk.tenant(town.alices) as work:
        made = add_account(
            work, vault=town.desk.ring, kind=AccountKind.FREESWITCH, name="Logged exchange"
        )
    address = f"/in/{made.secret}"
    assert client.post(f"{address}?uuid=u-1", data=cdr("u-1")).status_code == 200
    client.post(f"{address}x", data=cdr())
    client.post("/api/v1/calls", json=[call(1)], headers=key)
    client.post("/api/v1/calls/search", json={"number": "+12025550101"}, headers=key)
    client.get("/api/v1/%2B12025550101", headers=key)
    said = "".join(capfd.readouterr())
    assert "/in/<secret>" in said
    assert made.secret is not None
    assert made.secret not in said
    assert "2025550" not in said
    assert PATTERN.search(said) is None


def test_a_large_batch_passes_the_limit_of_forms(client: FlaskClient, key: dict[str, str]) -> None:
    batch = [call(n, source_id=f"large-{n}") for n in range(2_000)]
    answer = client.post("/api/v1/calls", json=batch, headers=key)
    assert answer.json is not None
    assert answer.json["accepted"] == 2_000


@pytest.mark.attack(44)
def test_many_at_once_with_one_key_have_one_effect(town: Town, key: dict[str, str]) -> None:
    gate = threading.Barrier(8)
    body = json.dumps([call(1, source_id="at-once")])
    same = key | {"Idempotency-Key": "at-once", "Content-Type": "application/json"}

    def send(_: int) -> TestResponse:
        gate.wait(10)
        return town.app.test_client().post("/api/v1/calls", data=body, headers=same)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    done = [answer for answer in answers if answer.status_code == 200]
    assert len({answer.data for answer in done}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in done) == 1
