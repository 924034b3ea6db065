"""Tokens: fetched once, renewed early, rotated durably, and never shown."""

import logging
import threading
from collections.abc import Mapping
from typing import Any

import pytest

from connector.outbound.failures import CredentialDoubt, Failure, FailureKind
from connector.providers.microsoft.tokens import AHEAD, PAUSE, Tokens
from tests.functional.microsoft.worlds import World, world

ASKED = "token"


def tokens(w: World, **changes: Any) -> Tokens:
    return Tokens(w.opening(**changes), w.memory)


def asked(w: World) -> int:
    """Tokens given: each question is a description and a grant."""
    return w.desk.counts.get(ASKED, 0) // 2


def test_a_token_is_fetched_once_and_renewed_a_quarter_of_an_hour_early() -> None:
    with world() as w:
        first = tokens(w).bearer(w.url)
        assert tokens(w).bearer(w.url) == first
        w.time += 3599 - AHEAD - 1
        assert tokens(w).bearer(w.url) == first
        w.time += 2
        assert tokens(w).bearer(w.url) != first
        assert asked(w) == 2


def test_a_token_that_does_not_say_how_long_it_lasts_does_not_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with world() as w:
        given = w.desk.sign_in._token

        def silent(*args: Any, **named: Any) -> dict[str, Any]:
            said = given(*args, **named)
            return {name: said[name] for name in ("token_type", "access_token")}

        monkeypatch.setattr(w.desk.sign_in, "_token", silent)
        first = tokens(w).bearer(w.url)
        w.time += 301
        assert tokens(w).bearer(w.url) != first


def test_a_rotated_token_is_stored_before_it_is_used() -> None:
    with world() as w:
        old = w.with_user().stored["refresh_token"]
        stored: list[str] = []

        def renew(credential: Mapping[str, str]) -> None:
            assert w.memory.find(b"") is None
            assert w.desk.counts.get("customers") is None
            assert w.lock.locked()
            stored.append(credential["refresh_token"])
            w.stored = dict(credential)

        w.partner.connect(w.opening(patience=5, renew=renew)).discover()
        assert stored == [w.desk.sign_in.refresh_token]
        assert stored != [old]
        assert w.stored["client_secret"] == w.desk.keys.client_secret
        w.time += 3600
        w.connect().discover()
        assert len(w.renewals) == 1


def test_what_could_not_be_stored_is_not_used() -> None:
    with world() as w:
        w.with_user()

        def renew(_: Mapping[str, str]) -> None:
            raise RuntimeError("the database is away")

        with pytest.raises(RuntimeError):
            w.partner.connect(w.opening(patience=5, renew=renew)).discover()
        assert "customers" not in w.desk.counts


def test_threads_refresh_once() -> None:
    with world() as w:
        w.with_user()
        w.fault("latency", seconds=0.3, resource=ASKED)
        found: list[str] = []
        openings = [w.opening(reread=lambda: w.stored) for _ in range(6)]
        threads = [
            threading.Thread(
                target=lambda each=each: found.append(Tokens(each, w.memory).bearer(w.url))
            )
            for each in openings
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 6
        assert len(set(found)) == 1
        assert asked(w) == 1


def test_an_old_refresh_token_is_refused() -> None:
    with world() as w:
        opening = w.with_user().opening()
        Tokens(opening, w.memory).bearer(w.url)
        w.time += 3600
        with pytest.raises(Failure) as failed:
            Tokens(opening, w.memory).bearer(w.url)
        assert failed.value.code == "reauthorisation_needed"
        assert failed.value.credential is CredentialDoubt.CERTAIN
        Tokens(w.opening(), w.memory).bearer(w.url)


WRONG = [
    ({"client_secret": "Wrong~secret"}, "client_refused", CredentialDoubt.CERTAIN),
    (
        {"client_id": "0" * 8 + "-0000-0000-0000-" + "0" * 12},
        "client_refused",
        CredentialDoubt.CERTAIN,
    ),
    (
        {"tenant_id": "0" * 8 + "-0000-0000-0000-" + "0" * 12},
        "tenant_unknown",
        CredentialDoubt.NONE,
    ),
    ({"refresh_token": "0.SIM.wrong"}, "reauthorisation_needed", CredentialDoubt.CERTAIN),
]


@pytest.mark.parametrize(("changes", "code", "doubt"), WRONG)
def test_wrong_credentials_are_explained(
    changes: dict[str, str], code: str, doubt: CredentialDoubt, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with world() as w:
        w.stored |= changes
        with pytest.raises(Failure) as failed:
            w.connect().discover()
        failure = failed.value
        assert (failure.code, failure.kind) == (code, FailureKind.CONFIGURATION)
        assert failure.credential is doubt
        assert failure.advice == failure.message
        said = f"{failure.message} {failure.log} {failure!r} {caplog.text}"
        for secret in (*changes.values(), w.desk.keys.client_secret):
            assert secret not in said


def test_the_right_secret_works_at_once_after_the_wrong_one() -> None:
    """msal by itself would remember the refusal for a minute."""
    with world() as w:
        right = w.stored["client_secret"]
        w.stored["client_secret"] = "Wrong~secret"
        with pytest.raises(Failure):
            w.connect().discover()
        w.stored["client_secret"] = right
        w.connect().discover()
        w.fault("invalid_client", resource=ASKED)
        w.time += 3600
        w.fault("invalid_client", resource=ASKED)
        with pytest.raises(Failure):
            w.connect().discover()
        w.desk.faults.clear()
        w.connect().discover()


@pytest.mark.parametrize("name", ["429", "500", "503", "lost_request", "temporarily_unavailable"])
def test_an_outage_of_the_sign_in_pauses_and_is_no_bad_credential(name: str) -> None:
    with world() as w:
        w.fault(name, seconds=7, resource=ASKED, times=2 if name[0] == "t" else 1)
        for _ in range(2):
            with pytest.raises(Failure) as failed:
                w.connect().discover()
            assert failed.value.kind is FailureKind.TRANSIENT
            assert failed.value.credential is CredentialDoubt.NONE
        assert failed.value.retry_after == pytest.approx(PAUSE)
        w.desk.faults.clear()
        w.time += PAUSE
        w.connect().discover()


@pytest.mark.parametrize("name", ["html_page", "malformed_json", "wrong_shape", "empty_answer"])
def test_a_sign_in_that_makes_no_sense(name: str, caplog: pytest.LogCaptureFixture) -> None:
    with world() as w:
        w.fault(name, resource=ASKED, times=-1)
        with pytest.raises(Failure) as failed:
            w.connect().discover()
        assert failed.value.kind is FailureKind.SYSTEM
        assert caplog.text == ""


@pytest.mark.promise("E2")
def test_no_sign_in_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory that describes another host's endpoint gets no secret sent there."""
    with world() as w:
        describe = w.desk.sign_in.describe

        def elsewhere(base: str, tenant: str) -> dict[str, Any]:
            return describe(base, tenant) | {"token_endpoint": "https://login.example.net/t/token"}

        monkeypatch.setattr(w.desk.sign_in, "describe", elsewhere)
        with pytest.raises(Failure) as failed:
            w.connect().discover()
        assert failed.value.code == "recipient_not_declared"
        assert w.desk.counts[ASKED] == 1


def test_a_token_for_another_interface_is_denied() -> None:
    with world() as w:
        grant = w.desk.sign_in.grant(
            w.url,
            w.desk.keys.tenant_id,
            {
                "grant_type": "client_credentials",
                "client_id": w.desk.keys.client_id,
                "client_secret": w.desk.keys.client_secret,
                "scope": "https://graph.microsoft.com/.default",
            },
        )
        answer = w.outbound().send(
            "GET",
            f"{w.url}/v1/customers",
            headers={"Authorization": f"Bearer {grant['access_token']}"},
        )
        assert answer.status == 403


def test_tokens_that_are_taken_back_are_fetched_anew() -> None:
    with world() as w:
        connection = w.connect()
        connection.discover()
        w.desk.sign_in.expire_all()
        connection.discover()
        assert asked(w) == 2
        w.fault("expired_token", times=-1, resource="customers")
        with pytest.raises(Failure) as failed:
            connection.discover()
        assert failed.value.code == "token_refused"
