"""Every failure is problem+json (RFC 9457), in words that are safe to show."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from connector.http.api.problems import render
from privacy.core.errors import Invalid, TooManyRequests, Unavailable
from tests.functional.api.bare import bare_app

CANARY = "+12025550143"


@pytest.fixture
def client() -> FlaskClient:
    app = bare_app()
    app.register_error_handler(Exception, render)
    return app.test_client()


def test_unknown_address(client: FlaskClient) -> None:
    answer = client.get(f"/api/v1/{CANARY}")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert answer.json is not None
    assert answer.json["type"] == "/api/docs#problem-not_found"
    assert CANARY not in answer.text


def test_wrong_method_says_which_are_right(client: FlaskClient) -> None:
    answer = client.delete("/api/v1/calls")
    assert answer.status_code == 405
    assert answer.json is not None
    assert answer.json["code"] == "method_not_allowed"
    assert set(answer.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


@pytest.mark.parametrize(
    ("content_type", "body", "status", "code"),
    [
        ("text/plain", b"{}", 415, "unsupported_media_type"),
        ("application/json", b"{", 400, "malformed_json"),
        ("application/json", b'{"a":1,"a":2}', 400, "duplicate_name"),
        ("application/json", b'{"tenant_id":"x"}', 422, "invalid"),
        ("application/json", b"{" + b" " * 70_000 + b"}", 413, "too_large"),
    ],
)
def test_bodies(
    client: FlaskClient, content_type: str, body: bytes, status: int, code: str
) -> None:
    answer = client.post("/api/v1/calls/search", data=body, content_type=content_type)
    assert answer.json is not None
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.json["status"] == status
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("error", "status", "retry"),
    [
        (RuntimeError(CANARY), 500, None),
        (OperationalError(CANARY, {}, Exception(CANARY)), 503, "10"),
        (TooManyRequests(retry_after=7), 429, "7"),
        (Unavailable(), 503, "10"),
        (Invalid(fields={"/number": "Wrong."}), 422, None),
    ],
)
def test_whatever_is_raised_is_said_safely(
    error: Exception, status: int, retry: str | None
) -> None:
    with Flask("errors").test_request_context():
        answer = render(error)
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == retry
    assert answer.headers["Cache-Control"] == "no-store"
    assert CANARY not in answer.get_data(as_text=True)


def test_errors_of_fields_have_pointers() -> None:
    with Flask("errors").test_request_context():
        answer = render(Invalid(fields={"number": "Wrong.", "/a/b": "Wrong too."}))
    assert answer.json is not None
    assert [each["pointer"] for each in answer.json["errors"]] == ["/number", "/a/b"]
