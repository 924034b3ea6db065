"""Nothing personal and no secret in logs, errors or Redis, through every page that takes them."""

import re
import secrets

import pytest
import structlog
from redis import Redis
from sqlalchemy.exc import OperationalError

from connector.http.console import overview
from privacy.core.logs import configure_logs
from tests.functional.console.town import PASSWORD, Town


@pytest.mark.attack(52)
def test_what_people_type_reaches_no_log(town: Town, capfd: pytest.CaptureFixture[str]) -> None:
    configure_logs("DEBUG")
    try:
        words = _use_everything(town)
    finally:
        structlog.reset_defaults()
    said = capfd.readouterr()
    lines = said.err + said.out
    assert '"route"' in lines
    for word in words:
        assert word not in lines, word


def _use_everything(town: Town) -> list[str]:
    canary = secrets.token_hex(6)
    mail, name = f"{canary}-mail@example.com", f"{canary}-name"
    browser = town.browser(town.alice)
    cookie = browser.client.get_cookie("silta_session")
    assert cookie is not None
    browser.get(f"/calls/day/{canary}-path?after={canary}-query")
    browser.post("/calls", number=f"+1202555{canary}", since="", until="")
    browser.post("/people/invite", email=mail, role="agent")
    browser.post("/me/name", name=name)
    browser.get(f"/reset-password/{canary}-token")
    browser.get(f"/invitation/{canary}-token")
    browser.get(f"/confirm-address/{canary}-token")
    browser.post("/me/email", email=mail)
    town.browser().post("/sign-in", email=mail, password=f"{canary}-password")
    town.browser().client.get(
        "/sign-in", headers={"User-Agent": f"{canary}-agent", "Referer": f"https://{canary}.org"}
    )
    header = {"Authorization": f"Bearer silta_{canary}"}
    town.app.test_client().get("/api/v1/me", headers=header)
    return [canary, cookie.value, PASSWORD, town.alice.email, "127.0.0.1"]


@pytest.mark.attack(53)
def test_control_characters_forge_no_line(town: Town, capfd: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO")
    try:
        town.browser().get("/calls/%0d%0a{%22event%22:%22forged%22}%1b[31m")
    finally:
        structlog.reset_defaults()
    lines = [line for line in capfd.readouterr().err.splitlines() if line]
    assert lines
    assert all(line.startswith("{") and "forged" not in line for line in lines)
    assert not any("\x1b" in line for line in lines)


@pytest.mark.attack(52)
def test_redis_holds_no_address_and_no_account(town: Town) -> None:
    town.browser(town.alice).get("/overview")
    url = town.house.installation.servers.redis_operator_url
    with Redis.from_url(url, decode_responses=True) as redis:
        names = list(redis.scan_iter("*"))
    assert names
    for name in names:
        assert "127.0.0.1" not in name
        assert str(town.alice.id) not in name


def test_the_database_away_is_a_page_in_plain_words(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = town.browser(town.alice)

    def away(*_: object, **__: object) -> None:
        raise OperationalError("SELECT secret", {"number": "+12025550123"}, Exception("gone"))

    monkeypatch.setattr(overview, "kept_days", away)
    answer = browser.get("/overview")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "Back in a moment" in text
    assert "SELECT" not in text
    assert "2025550123" not in text


def test_the_unexpected_tells_nothing_of_itself(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = town.browser(town.alice)

    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("+12025550123 in /srv/secret.py")

    monkeypatch.setattr(overview, "kept_days", breaks)
    answer = browser.get("/overview")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "Something went wrong" in text
    assert "secret" not in text
    assert re.search(r"[0-9a-f]{32}", text)
