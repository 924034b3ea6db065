"""What every answer carries, whatever the route, the method and the caller (ATTACK 33, 54)."""

import secrets
from collections.abc import Iterator
from contextlib import closing

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from connector.app import create_app
from migrations.run import head
from tenants.http.headers import FOR_AN_HOUR, POLICY, is_shared, is_static
from tests.functional.console.town import PASSWORD
from tests.isolation.walls.addresses import path_of
from tests.isolation.walls.world import World

NOTHING_THERE = ("/nowhere", "/api/v1/nowhere", "/in/", "/static/nowhere.css", "/calls/not-an-id")


METHODS = {
    "stranger": ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE"),
    "charlie": ("GET", "POST", "OPTIONS"),
    "program": ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE"),
}
"""Pages for somebody are made twice for nothing when their heads are asked for, too."""


def _answers(
    client: FlaskClient, world: World, who: str = "stranger"
) -> Iterator[tuple[str, str, TestResponse]]:
    """Each route with each method, then what is not there."""
    for rule, _, _ in world.rules():
        values: dict[str, object] = {name: world.ids.get(name, "x") for name in rule.arguments}
        if rule.endpoint == "static":
            values = {"filename": "silta.css"}
        path = path_of(rule, values)
        for method in METHODS[who]:
            if rule.endpoint == "sign_in.sign_out" and method == "POST":
                continue
            answer = client.open(path, method=method)
            with closing(answer):
                yield rule.endpoint, method, answer
    for path in NOTHING_THERE:
        yield "", "GET", client.get(path)


@pytest.mark.attack(33)
@pytest.mark.attack(54)
@pytest.mark.parametrize("who", METHODS)
def test_every_answer_is_armoured(world: World, who: str) -> None:
    client = _client(world, who)
    seen = 0
    for endpoint, method, answer in _answers(client, world, who):
        place = f"{method} {endpoint} {answer.status_code}"
        assert answer.status_code < 500, place
        assert answer.headers["Content-Security-Policy"] == POLICY, place
        assert answer.headers["X-Content-Type-Options"] == "nosniff", place
        assert answer.headers["X-Frame-Options"] == "DENY", place
        assert answer.headers["Referrer-Policy"] == "no-referrer", place
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", place
        assert answer.headers["X-Request-Id"], place
        assert len(answer.headers.getlist("Content-Security-Policy")) == 1, place
        assert "Server" not in answer.headers, place
        assert "X-Powered-By" not in answer.headers, place
        assert "Access-Control-Allow-Origin" not in answer.headers, place
        _check_keeping(endpoint, place, answer)
        seen += 1
    assert seen > 300


def _client(world: World, who: str) -> FlaskClient:
    if who == "charlie":
        return world.browser.client
    client = world.town.app.test_client()
    if who == "program":
        client.environ_base["HTTP_AUTHORIZATION"] = world.charlies_key["Authorization"]
    return client


def _check_keeping(endpoint: str, place: str, answer: TestResponse) -> None:
    """Nobody keeps an answer, but for files of ours that really came."""
    keeping = answer.headers["Cache-Control"]
    if is_shared(endpoint) and answer.status_code in (200, 304):
        assert keeping == FOR_AN_HOUR, place
        return
    if is_static(endpoint) and answer.status_code in (200, 304):
        assert "no-store" not in keeping or answer.status_code != 200, place
    else:
        assert keeping == "no-store", place
        assert "ETag" not in answer.headers, place


def test_the_policy_lets_nothing_in_from_elsewhere() -> None:
    for word in ("unsafe-inline", "unsafe-eval", "http:", "https:", "*", "blob:"):
        assert word not in POLICY
    for rule in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'",
                 "form-action 'self'"):  # fmt: skip
        assert rule in POLICY.split("; ")


@pytest.fixture
def behind_tls(world: World) -> Flask:
    """The same application, as its users reach it: by https."""
    settings = world.installation.settings.model_copy(
        update={"public_url": "https://silta.example.com"}
    )
    return create_app(
        settings=settings,
        engines=world.installation.engines,
        desk=world.town.desk,
        secret=secrets.token_bytes(32),
        revision=head(),
    )


@pytest.mark.attack(33)
def test_cookies_travel_over_tls_to_this_host_alone(behind_tls: Flask, world: World) -> None:
    client = behind_tls.test_client()
    given: list[str] = []
    for _, _, answer in _answers(client, world):
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")
        given += answer.headers.getlist("Set-Cookie")
    assert given
    for cookie in given:
        name, *flags = [part.strip() for part in cookie.split(";")]
        assert name.startswith("__Host-"), name
        assert {"Secure", "HttpOnly", "Path=/"} <= set(flags), cookie
        assert {"SameSite=Lax", "SameSite=Strict"} & set(flags), cookie
        assert not any(flag.startswith("Domain") for flag in flags), cookie


@pytest.mark.attack(33)
def test_the_session_cookie_has_the_same_flags(behind_tls: Flask, world: World) -> None:
    """It is given at the one place where a stranger's walk does not come by: signing in."""
    client = behind_tls.test_client()
    page = client.get("/sign-in", base_url="https://silta.example.com").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post(
        "/sign-in",
        data={"csrf_token": token, "email": world.town.alice.email, "password": PASSWORD},
        base_url="https://silta.example.com",
    )
    assert answer.status_code == 302
    cookies = {c.partition("=")[0]: c for c in answer.headers.getlist("Set-Cookie")}
    assert "__Host-silta" in cookies
    for cookie in cookies.values():
        for flag in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
            assert flag in cookie, cookie
    assert "Domain" not in cookies["__Host-silta"]
    assert "Expires" not in cookies["__Host-silta"], "it ends with the browser"
