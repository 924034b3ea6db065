"""What people do in the console, page by page."""

import re
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from connector.accounts.kinds import AccountKind
from connector.calls.ingest import ingest_calls
from connector.http.console.ledger import views
from privacy.core import clock
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.jobs import list_jobs
from privacy.core.outbox.names import JobName
from tenants.permissions import Role
from tests.factories import a_call, days_ago
from tests.functional.console.town import PASSWORD, Browser, Person, Town


def _fill(town: Town, *calls: object) -> None:
    tenancy = town.tenancy(town.alices)
    account = tenancy.account(AccountKind.FREESWITCH, f"PBX {clock.now().timestamp()}")
    with tenancy.work() as work:
        ingest_calls(work, vault=town.house.vault, account=account, calls=list(calls))  # type: ignore[arg-type]


def _text(browser: Browser) -> str:
    assert browser.page is not None
    return browser.page.get_data(as_text=True)


def test_a_number_is_found_and_its_call_says_when_it_ends(town: Town) -> None:
    _fill(town, a_call(caller="+12025550177", contact_person="Somebody Seldom"))
    browser = town.browser(town.agent)
    browser.post("/calls", number="+1 (202) 555-0177", since="", until="")
    assert "1 call" in _text(browser)
    link = re.search(r'href="(/calls/[0-9a-f-]{36})"', _text(browser))
    assert link is not None
    browser.get(link[1])
    assert "Somebody Seldom" in _text(browser)
    assert "Destroyed on" in _text(browser)


def test_a_number_without_sense_is_said_at_its_field(town: Town) -> None:
    browser = town.browser(town.agent)
    browser.post("/calls", number="", since="", until="")
    assert 'aria-invalid="true"' in _text(browser)
    assert "Enter a number." in _text(browser)


def test_a_day_is_paged(town: Town) -> None:
    start = days_ago(3)
    _fill(town, *(a_call(started_at=start + timedelta(minutes=n)) for n in range(60)))
    browser = town.browser(town.agent)
    browser.get(f"/calls/day/{start.date()}")
    first = set(re.findall(r"/calls/[0-9a-f-]{36}", _text(browser)))
    older = re.search(r'href="(/calls/day/[^"]+after[^"]+)"', _text(browser))
    assert older is not None
    browser.get(older[1].replace("&amp;", "&"))
    second = set(re.findall(r"/calls/[0-9a-f-]{36}", _text(browser)))
    assert len(first) == 50
    assert len(second) == 10
    assert not first & second


def test_a_day_that_has_ended_is_not_there(town: Town) -> None:
    browser = town.browser(town.agent)
    assert browser.get(f"/calls/day/{days_ago(45).date()}").status_code == 404
    assert browser.get("/calls/day/not-a-day").status_code == 404
    assert browser.get("/calls/day/9999-12-31").status_code == 404


def test_a_system_is_connected_paused_rotated_and_disconnected(town: Town) -> None:
    browser = town.browser(town.alice)
    browser.post(
        "/systems/add/freeswitch",
        name="Branch",
        external_key="",
        region="FI",
        time_zone="Europe/Helsinki",
    )
    first = re.search(r"/in/([\w-]{20,})", _text(browser))
    assert first is not None
    place = re.search(r'href="(/systems/[0-9a-f-]{36})"', _text(browser))
    assert place is not None
    assert first[1] not in browser.get(place[1]).get_data(as_text=True)
    browser.post(place[1] + "/pause", follow=True)
    assert "Paused" in _text(browser)
    browser.post(place[1] + "/resume", follow=True)
    assert "Under test" in _text(browser)
    second = re.search(
        r"/in/([\w-]{20,})", browser.post(place[1] + "/rotate").get_data(as_text=True)
    )
    assert second is not None
    assert second[1] != first[1]
    browser.post(place[1] + "/delete")
    assert browser.get(place[1]).status_code == 404


def test_the_same_system_twice_is_refused_in_words(town: Town) -> None:
    browser = town.browser(town.alice)
    fields: dict[str, Any] = {
        "name": "Twice",
        "external_key": "",
        "region": "FI",
        "time_zone": "UTC",
    }
    browser.post("/systems/add/asterisk", **fields)
    answer = browser.post("/systems/add/asterisk", **fields)
    assert "connected already" in answer.get_data(as_text=True)


def test_a_key_is_shown_once_and_opens_the_api(town: Town) -> None:
    browser = town.browser(town.alice)
    browser.post(
        "/api-keys/add",
        name="Shown once",
        scopes=["calls:search"],
        mode="live",
        expires="",
        networks="",
    )
    found = re.search(r'id="key"[^>]*>(silta_\w{40})<', _text(browser))
    assert found is not None
    assert found[1] not in browser.get("/api-keys").get_data(as_text=True)
    header = {"Authorization": f"Bearer {found[1]}"}
    answer = town.app.test_client().get("/api/v1/me", headers=header)
    assert answer.get_json()["scopes"] == ["calls:search"]
    refused = town.app.test_client().post("/api/v1/calls", json=[], headers=header)
    assert refused.status_code == 403


def test_a_cookie_opens_no_programs_door(town: Town) -> None:
    browser = town.browser(town.alice)
    assert browser.get("/api/v1/me").status_code == 401


def test_an_invitation_is_mailed_shown_to_the_operator_and_accepted(town: Town) -> None:
    invited = town.browser(town.alice)
    invited.post("/people/invite", email="new.person@example.org", role="agent", follow=True)
    assert "new.person@example.org" in _text(invited)
    link = _link_in_mail(town, "/invitation/")
    stranger = town.browser()
    assert "Alice Oy" in stranger.get(link).get_data(as_text=True)
    assert "Alice Oy" in stranger.get(link).get_data(as_text=True)
    stranger.post(link, name="New Person", password=PASSWORD, again=PASSWORD)
    assert "Welcome to Alice Oy" in _text(stranger)
    assert stranger.get(link).status_code == 410
    stranger.post("/sign-in", email="new.person@example.org", password=PASSWORD)
    assert stranger.get("/overview").status_code == 200


def test_a_reset_link_works_once_and_closes_sessions(town: Town) -> None:
    person = town.person("resa", Role.AGENT, town.alices)
    open_session = town.browser(person)
    stranger = town.browser()
    stranger.post("/forgotten-password", email=person.email)
    link = _link_in_mail(town, "/reset-password/")
    fresh = "seven quiet lanterns by the shore"
    stranger.get(link)
    stranger.post(link, password=fresh, again="something else")
    assert "The two passwords differ." in _text(stranger)
    stranger.post(link, password="short", again="short")
    assert "at least 12 characters" in _text(stranger)
    stranger.post(link, password=fresh, again=fresh)
    assert "changed" in _text(stranger)
    assert open_session.get("/overview").status_code == 302
    assert stranger.get(link).status_code == 410
    assert town.browser().sign_in(person, fresh).status_code == 302


def _link_in_mail(town: Town, path: str) -> str:
    operator = town.browser(town.operator)
    operator.get("/mails")
    for address in re.findall(r'href="(/mails/[0-9a-f-]{36})"', _text(operator)):
        body = operator.get(address).get_data(as_text=True)
        found = re.search(re.escape(path) + r"[\w-]+", body)
        if found is not None:
            return found[0]
    raise AssertionError(f"no mail with {path}")


def test_sensitive_acts_ask_again_after_a_while(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = town.browser(town.alice)
    assert browser.get("/api-keys/add").status_code == 200
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr("tenants.http.proofs.clock.now", lambda: later)
    answer = browser.get("/api-keys/add")
    assert answer.headers["Location"] == "/is-it-you?onward=/api-keys/add"
    browser.get(answer.headers["Location"])
    answer = browser.post("/is-it-you", password="wrong wrong wrong", onward="/api-keys/add")
    assert "This password is wrong." in _text(browser)
    answer = browser.post("/is-it-you", password=PASSWORD, onward="https://evil.example/")
    assert answer.headers["Location"] == "/"


@pytest.mark.promise("F7")
@pytest.mark.attack(29)
def test_forcing_a_password_closes_sessions_and_keys(town: Town) -> None:
    person = town.person("leif", Role.ADMIN, town.alices)
    theirs = town.browser(person)
    theirs.post(
        "/api-keys/add", name="Leifs", scopes=["calls:read"], mode="live", expires="", networks=""
    )
    key = re.search(r"silta_\w{40}", _text(theirs))
    assert key is not None
    town.browser(town.alice).post(f"/people/{person.id}/force-new-password")
    assert theirs.get("/overview").status_code == 302
    header = {"Authorization": f"Bearer {key[0]}"}
    assert town.app.test_client().get("/api/v1/me", headers=header).status_code == 401
    assert town.browser().sign_in(person).status_code == 401


def test_roles_change_and_people_leave(town: Town) -> None:
    person = town.person("rolf", Role.AGENT, town.alices)
    alice = town.browser(town.alice)
    alice.post(f"/people/{person.id}/role", role="auditor")
    theirs = town.browser(person)
    assert theirs.get("/calls").status_code == 403
    alice.post(f"/people/{person.id}/remove")
    assert theirs.get("/overview").status_code == 302
    again = town.browser(person)
    assert "no organisation" in again.get("/").get_data(as_text=True)


def test_the_ledger_shows_acts_and_filters(town: Town) -> None:
    browser = town.browser(town.auditor)
    browser.get("/ledger")
    assert "console:" in _text(browser)
    browser.get("/ledger?subject=retention:")
    assert "console:user" not in re.sub(r"<option.*?</option>", "", _text(browser))


def test_a_long_chain_is_verified_by_a_job(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "LONGEST_AT_ONCE", -1)
    browser = town.browser(town.auditor)
    browser.post("/ledger/verify")
    assert "Verification has begun" in _text(browser)
    with town.tenancy(town.alices).work() as work:
        (job,) = [j for j in list_jobs(work, state="waiting") if j.name == "ledger.verify_own"]
    assert job.queue == "slow"


def test_settings_shorten_and_demand(town: Town) -> None:
    person = town.person("setty", Role.OWNER, town.charlies)
    browser = town.browser(person)
    browser.post("/settings", name="Charlie AB", retention_days="20", follow=True)
    assert "Saved." in _text(browser)
    browser.post("/settings", name="Charlie AB", retention_days="31")
    assert "Choose from 1 to 30 days" in _text(browser)
    browser.post("/settings", name="Charlie AB", retention_days="")


def test_an_operator_suspends_and_reopens(town: Town) -> None:
    operator = town.browser(town.operator)
    charlie = town.browser(town.charlie)
    assert charlie.get("/overview").status_code == 200
    operator.post(f"/organisations/{town.charlies}/suspend")
    assert charlie.get("/overview").status_code == 403
    operator.post(f"/organisations/{town.charlies}/resume")
    assert charlie.get("/overview").status_code == 200


def test_an_operator_adds_an_organisation(town: Town) -> None:
    operator = town.browser(town.operator)
    operator.post(
        "/organisations/add", name="Dora GmbH", owner_email="dora@example.net", follow=True
    )
    assert "Dora GmbH" in _text(operator)


def test_dead_jobs_are_shown_with_a_reason_and_run_again(town: Town) -> None:
    tenancy = town.tenancy(town.alices)
    with tenancy.work() as work:
        enqueue(work, name=JobName.KEYS_AHEAD, payload={})
    with town.house.installation.superuser().begin() as connection:
        connection.exec_driver_sql(
            "UPDATE outbox_jobs SET state = 'dead', failure_code = 'away', attempt = 5 "
            f"WHERE name = 'keys.ahead' AND tenant_id = '{town.alices}'"
        )
    operator = town.browser(town.operator)
    operator.get("/jobs")
    assert "away" in _text(operator)
    place = re.search(r'action="(/jobs/[^"]+/again)"', _text(operator))
    assert place is not None
    operator.post(place[1], follow=True)
    assert "in line again" in _text(operator)


def test_my_account_closes_what_is_mine(town: Town) -> None:
    person = town.person("myrna", Role.AGENT, town.alices)
    other, mine = town.browser(person), town.browser(person)
    mine.post("/me/name", name="Myrna Myllylä", follow=True)
    assert "Myrna Myllylä" in _text(mine)
    place = re.search(r'action="(/me/sessions/[^"]+/end)"', _text(mine))
    assert place is not None
    mine.post(place[1])
    assert other.get("/me").status_code == 302
    fresh = "seven quiet lanterns by the shore"
    assert (
        mine.post("/me/password", current=PASSWORD, password=fresh, again=fresh).status_code == 302
    )
    assert mine.get("/me").status_code == 200
    mine.post("/me/sessions/end-all")
    assert mine.get("/me").status_code == 302


def test_nobody_ends_somebody_elses_session(town: Town) -> None:
    theirs = town.browser(town.charlie)
    place = re.search(
        r"/me/sessions/[0-9a-f-]+/end", _two_sessions(town, town.charlie).get_data(as_text=True)
    )
    assert place is not None
    assert town.browser(town.alice).post(place[0]).status_code == 404
    assert theirs.get("/me").status_code == 200


def _two_sessions(town: Town, person: Person) -> TestResponse:
    return town.browser(person).get("/me")


@pytest.mark.promise("A3")
def test_my_usage_records_are_mine_and_say_what_is_recorded(town: Town) -> None:
    person = town.person("ursula", Role.AGENT, town.alices)
    browser = Browser(town.app.test_client())
    browser.client.environ_base["REMOTE_ADDR"] = "192.0.2.146"
    browser.sign_in(person)
    assert "192.0.2.146" in browser.get("/me").get_data(as_text=True)
    assert "192.0.2.146" not in town.browser(town.alice).get("/me").get_data(as_text=True)


@pytest.mark.promise("F9")
def test_an_operator_sees_doors_being_tried(town: Town) -> None:
    thief = town.browser()
    for _ in range(6):
        thief.post("/sign-in", email="nobody@example.net", password="wrong " * 4)
    town.browser(town.agent).get("/people/invite")
    header = {"Authorization": "Bearer silta_" + "L" * 40}
    assert town.app.test_client().get("/api/v1/me", headers=header).status_code == 401
    text = town.browser(town.operator).get("/signals").get_data(as_text=True)
    for told in ("User sign in failed", "User sign in locked", "User access denied"):
        assert told in text, told
    assert "people.invite" in text
    assert "example.net" not in text
