"""Health, metrics, floods, proxies: what an operator counts on."""

import socket
import time
import urllib.request
from typing import Any

import pytest
from flask import Flask
from pydantic import SecretStr

from connector.app import create_app
from connector.http.metrics import serve_metrics
from privacy.core.errors import Misconfigured
from tenants.http import rates
from tenants.http.browsers import device_label
from tests.functional.console.town import Browser, Town


def _app(town: Town, **chosen: Any) -> Flask:
    installed = town.house.installation
    return create_app(
        settings=installed.settings.model_copy(update=chosen),
        engines=installed.engines,
        desk=town.desk,
        secret=b"s" * 32,
        revision="another",
    )


def test_health_and_readiness(town: Town) -> None:
    client = town.app.test_client()
    assert client.get("/healthz").get_json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert set(ready.get_json()["checks"].values()) == {"ok"}


def test_a_database_at_another_revision_is_not_ready(town: Town) -> None:
    answer = _app(town).test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["checks"]["migrations"] == "failing"


def test_without_redis_people_go_on_and_readiness_says_so(town: Town) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        app = _app(town, redis_url=SecretStr(f"redis://127.0.0.1:{port}/0"))
        browser = Browser(app.test_client())
        assert browser.sign_in(town.agent).status_code == 302
        assert browser.get("/overview").status_code == 200
        assert "away" in app.test_client().get("/readyz").get_json()["checks"]["redis"]


def test_a_flood_is_asked_to_wait(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "STRANGERS", "5 per minute")
    client = _app(town).test_client()
    given = {"REMOTE_ADDR": "192.0.2.77"}
    answers = [client.get("/sign-in", environ_base=given) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[-1].headers["Retry-After"] == "60"
    assert "A little too fast" in answers[-1].get_data(as_text=True)
    other = client.get("/sign-in", environ_base={"REMOTE_ADDR": "192.0.2.78"})
    assert other.status_code == 200


@pytest.mark.promise("F9")
def test_a_flood_from_one_network_is_one_flood_and_stops_no_probe(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates, "STRANGERS", "5 per minute")
    client = _app(town).test_client()
    statuses = [
        client.get("/sign-in", environ_base={"REMOTE_ADDR": f"2001:db8:77::{n}"}).status_code
        for n in range(1, 8)
    ]
    assert statuses == [200] * 5 + [429] * 2
    for path in ("/healthz", "/readyz"):
        given = {"REMOTE_ADDR": "2001:db8:77::1"}
        assert client.get(path, environ_base=given).status_code != 429


def test_forwarded_addresses_count_only_from_a_trusted_proxy(town: Town) -> None:
    seen = []
    for hops in (0, 1):
        app = _app(town, trusted_proxies=hops)
        client = app.test_client()
        with client:
            client.get("/healthz", headers={"X-Forwarded-For": "198.51.100.9"})
            from flask import request

            seen.append(request.remote_addr)
    assert seen == ["127.0.0.1", "198.51.100.9"]


def test_a_short_secret_stops_the_boot(town: Town) -> None:
    installed = town.house.installation
    with pytest.raises(Misconfigured):
        create_app(
            settings=installed.settings, engines=installed.engines, desk=town.desk, secret=b"short"
        )


def test_metrics_are_on_a_port_of_their_own(town: Town) -> None:
    client = town.app.test_client()
    client.get("/sign-in")
    assert client.get("/metrics").status_code == 404
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    stop = serve_metrics(f"127.0.0.1:{port}")
    try:
        text = _scrape(port)
    finally:
        stop()
    assert 'silta_http_requests_total{method="GET",route="/sign-in",status="200"}' in text
    assert "example.com" not in text


def _scrape(port: int) -> str:
    for _ in range(50):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.05)
    raise AssertionError("nobody answers")


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Linux",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Edg/140", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1", "Safari on iOS"),
        ("curl/8.5", "curl"),
        ("", "A browser"),
    ],
)
def test_devices_are_named_coarsely(agent: str, label: str) -> None:
    assert device_label(agent) == label
