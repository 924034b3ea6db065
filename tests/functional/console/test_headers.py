"""What responses carry. Every route is asked in tests/isolation/walls/test_headers.py."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from tenants.http import authenticators, headers
from tenants.http.access import public
from tests.functional.console.town import PASSWORD, Town
from tests.installations import Installation

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def test_static_files_are_kept_for_good_under_their_fingerprint(town: Town) -> None:
    page = town.browser().get("/sign-in").get_data(as_text=True)
    address = page.split('href="')[3].split('"')[0]
    assert "silta.css?v=" in address
    for asked, told in (
        (address, headers.FOREVER),
        (address.split("?")[0], "no-cache"),
        (address.split("?")[0] + "?v=0", "no-cache"),
    ):
        with town.app.test_client().get(asked) as answer:
            assert answer.headers["Cache-Control"] == told


@pytest.mark.attack(33)
def test_cookies_are_guarded(town: Town) -> None:
    browser = town.browser()
    answer = browser.post("/sign-in", email=town.alice.email, password=PASSWORD)
    cookies = answer.headers.getlist("Set-Cookie")
    session = next(cookie for cookie in cookies if cookie.startswith("silta_session="))
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
    assert "Expires" not in session
    assert "Max-Age" not in session


def test_over_tls_cookies_are_for_this_host_only(town: Town) -> None:
    installed = town.house.installation
    settings = installed.settings.model_copy(update={"public_url": "https://silta.example"})
    secured = Town.__new__(Town)
    secured.__dict__.update(town.__dict__)
    secured.__dict__.pop("app", None)
    secured.house = _with_settings(town, replace(installed, settings=settings))
    answer = secured.browser().post("/sign-in", email=town.alice.email, password=PASSWORD)
    cookies = answer.headers.getlist("Set-Cookie")
    assert {cookie.split("=")[0] for cookie in cookies} >= {"__Host-silta", "__Host-silta-device"}
    assert all("Secure" in cookie and "Domain" not in cookie for cookie in cookies)
    assert "max-age=63072000" in answer.headers["Strict-Transport-Security"]


def _with_settings(town: Town, installation: Installation) -> Any:
    class Rehoused:
        def __getattr__(self, name: str) -> object:
            return getattr(town.house, name)

    house: Any = Rehoused()
    house.installation = installation
    return house


def test_a_large_form_is_refused(town: Town) -> None:
    answer = town.browser().client.post("/sign-in", data={"email": "x" * 70_000})
    assert answer.status_code == 413


def test_headers_come_with_errors_too() -> None:
    app = Flask("broken")
    headers.install(app, https=False)
    app.add_url_rule("/", view_func=public("a test of headers")(_fail))
    answer = app.test_client().get("/")
    assert answer.status_code == 500
    assert answer.headers["Cache-Control"] == "no-store"


def _fail() -> str:
    raise ValueError


def test_nobody_is_looked_up_for_a_picture(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = town.browser(town.alice)

    def asked(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(authenticators, "principal_of", asked)
    with browser.client.get("/static/favicon.svg") as answer:
        assert answer.status_code == 200


@pytest.mark.attack(33)
def test_another_host_is_refused_before_anything_else(town: Town) -> None:
    client = town.browser(town.alice).client
    for path in ("/overview", "/api/v1/calls/search", "/healthz", "/no/such/page"):
        for host in ("evil.example", "localhost.evil.example", "localhost:80@evil.example"):
            answer = client.get(path, headers={"Host": host})
            assert (answer.status_code, answer.json["code"]) == (400, "wrong_host"), path  # type: ignore[index]
            assert answer.mimetype == "application/problem+json"
            assert "evil" not in answer.get_data(as_text=True)
            for name, value in _ALWAYS.items():
                assert answer.headers[name] == value
            assert answer.headers["X-Request-Id"]
    assert client.get("/healthz", headers={"Host": "127.0.0.1:8000"}).status_code == 200
