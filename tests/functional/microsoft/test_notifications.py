"""Microsoft tells of calls: the whole way, from a subscription to a stored call."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from connector.outbound.failures import Failure
from connector.providers.microsoft import call_records
from connector.providers.microsoft.provider import MICROSOFT_CALLS
from connector.remaps.run import Remapped, remap_calls
from connector.simulators.microsoft.call_books import call_record
from connector.simulators.servers import LocalServer
from connector.syncs.draft_account import draft_account
from connector.syncs.locks import Busy, locked
from connector.syncs.remap_account import request_remap
from connector.syncs.run_account import run_account
from connector.syncs.stations import Station
from connector.syncs.try_account import try_account
from connector.watches.find_due import enqueue_due_watches
from connector.watches.keep import PATH, keep_watch
from connector.watches.models import ChangeWatch
from connector.watches.read_changes import read_changes
from privacy.core import clock
from privacy.core.db.locks import AdvisoryLock
from privacy.core.db.work import SYSTEM
from tests.functional.console.town import Town
from tests.functional.microsoft.worlds import World, trust, world
from tests.tenancies import House

LATER = timedelta(hours=50)


@dataclass
class Scene:
    """Alice's account at a simulated Microsoft, and our web application before it."""

    town: Town
    world: World
    station: Station
    url: str
    account_id: uuid.UUID

    def keep(self, **said: Any) -> None:
        keep_watch(self.station, account_id=self.account_id, public_url=self.url, **said)

    def watch(self) -> ChangeWatch | None:
        with self.station.work() as work:
            return work.session.query(ChangeWatch).one_or_none()

    def jobs(self, name: str) -> list[dict[str, Any]]:
        """Payloads of jobs that wait, oldest first; then there are none."""
        statement = "DELETE FROM outbox_jobs WHERE name = :name RETURNING id, payload"
        with self.town.house.installation.superuser().begin() as connection:
            rows = connection.execute(text(statement), {"name": name}).all()
        return [row.payload for row in sorted(rows, key=lambda row: row.id)]

    def calls(self) -> int:
        with self.station.work() as work:
            return int(work.connection.execute(text("SELECT count(*) FROM calls")).scalar_one())

    def post(self, body: Any, **said: Any) -> int:
        """What somebody posts to our address."""
        return self.town.app.test_client().post(PATH, json=body, **said).status_code


@contextmanager
def scene(house: House) -> Iterator[Scene]:
    before, town = clock.offset(), Town(house)
    try:
        with world(customers=0, calls=10) as made, LocalServer(town.app) as server:
            tenancy = town.tenancy(town.alices)
            station = Station(
                tenancy.installation.engines.app,
                tenancy.vault,
                tenancy.id,
                SYSTEM,
                loopback=True,
                pause=lambda _: None,
                outbound={"tls": trust()},
            )
            with station.work() as work:
                account_id = draft_account(
                    work,
                    vault=tenancy.vault,
                    provider=MICROSOFT_CALLS,
                    name="Teams",
                    credential=made.stored,
                )
            assert try_account(station, account_id=account_id).worked
            run_account(station, account_id=account_id)
            yield Scene(town, made, station, server.url, account_id)
    finally:
        clock.set_offset(before)


def test_from_a_subscription_to_a_stored_call(house: House) -> None:
    with scene(house) as s:
        assert s.calls() == 10
        s.keep()
        watch, (theirs,) = s.watch(), s.world.desk.graph.watches.watches.values()
        assert watch is not None
        assert theirs.client_state.encode() not in watch.state_digest
        assert len(s.jobs("changes.read")) == 1
        books = s.world.desk.books.calls
        for version in (1, 2):
            record = call_record(5, 500, s.world.now(), version=version)
            books.put(record)
            assert s.world.desk.graph.watches.notify(record["id"], version=version) == [202]
        assert 1 <= len(s.jobs("changes.read")) <= 2
        read_changes(s.station, account_id=s.account_id)
        assert s.calls() == 11
        s.keep()
        assert len(s.world.desk.graph.watches.watches) == 1


@pytest.mark.attack(56)
def test_what_does_not_know_the_client_state_changes_nothing(house: House) -> None:
    with scene(house) as s:
        s.keep()
        s.jobs("changes.read")
        watches = s.world.desk.graph.watches
        assert watches.notify("x", version=1, state="guessed") == [202]
        (theirs,) = watches.watches.values()
        for entry in (
            {"subscriptionId": theirs.id},
            {"subscriptionId": theirs.id, "clientState": ""},
            {"subscriptionId": theirs.id, "clientState": None},
            {"subscriptionId": theirs.id, "clientState": "x", "lifecycleEvent": "missed"},
            {"subscriptionId": str(uuid.uuid4()), "clientState": theirs.client_state},
        ):
            assert s.post({"value": [entry]}) == 202
        assert s.jobs("changes.read") == s.jobs("watch.keep") == []
        good = {"subscriptionId": theirs.id, "clientState": theirs.client_state}
        assert s.post({"value": [{"subscriptionId": "nobody's"}, good, good]}) == 202
        assert s.post({"value": [good]}) == 202
        assert 1 <= len(s.jobs("changes.read")) <= 2


@pytest.mark.attack(56)
def test_whoever_guesses_is_slowed_down(house: House) -> None:
    with scene(house) as s:
        there = {"REMOTE_ADDR": "203.0.113.9"}
        bodies = [{"value": [{"subscriptionId": f"guess-{n}"}]} for n in range(40)]
        said = [s.post(body, environ_base=there) for body in bodies]
        assert set(said) == {202, 429}


def test_lifecycle_events(house: House) -> None:
    with scene(house) as s:
        s.keep()
        s.jobs("changes.read")
        watches, first = s.world.desk.graph.watches, s.watch()
        assert first is not None
        assert watches.lifecycle("missed") == [202]
        assert len(s.jobs("changes.read")) == 1
        assert watches.lifecycle("reauthorizationRequired") == [202]
        (told,) = s.jobs("watch.keep")
        assert told["renewed"] is True
        clock.set_offset(clock.offset() + timedelta(hours=1))
        s.keep(renewed=True)
        renewed = s.watch()
        assert renewed is not None
        assert renewed.digest == first.digest
        assert renewed.ends_at > first.ends_at
        assert watches.lifecycle("subscriptionRemoved") == [202]
        assert len(s.jobs("watch.keep")) == len(s.jobs("changes.read")) == 1
        s.keep(renewed=True)
        anew = s.watch()
        assert anew is not None
        assert anew.digest != first.digest
        assert len(watches.watches) == 1
        assert len(s.jobs("changes.read")) == 1


def test_it_is_renewed_before_it_ends(house: House) -> None:
    with scene(house) as s:
        with s.station.work() as work:
            assert enqueue_due_watches(work) == 1
        s.keep()
        first = s.watch()
        with s.station.work() as work:
            assert enqueue_due_watches(work) == 0
        clock.set_offset(clock.offset() + LATER)
        with s.station.work() as work:
            assert enqueue_due_watches(work) == 1
        s.keep()
        renewed = s.watch()
        assert first is not None
        assert renewed is not None
        assert renewed.ends_at > first.ends_at
        assert renewed.digest == first.digest


def test_a_paused_account_is_no_longer_told(house: House) -> None:
    with scene(house) as s:
        s.keep()
        with s.station.work() as work:
            work.connection.execute(
                text("UPDATE connector_accounts SET state = 'disabled', disabled_by = 'tenant'")
            )
            assert enqueue_due_watches(work) == 1
        s.keep()
        assert s.watch() is None
        assert s.world.desk.graph.watches.watches == {}
        with s.station.work() as work:
            assert enqueue_due_watches(work) == 0


def test_a_change_told_during_a_reading_is_read_afterwards(house: House) -> None:
    with scene(house) as s:
        engine = s.station.engine
        with locked(engine, AdvisoryLock.ACCOUNT_READING, s.account_id), pytest.raises(Busy):
            read_changes(s.station, account_id=s.account_id)


def test_nothing_is_subscribed_to_where_nobody_answers(house: House) -> None:
    with scene(house) as s:
        with pytest.raises(Failure):
            keep_watch(s.station, account_id=s.account_id, public_url="http://127.0.0.1:1")
        assert s.watch() is None


@pytest.mark.parametrize(
    "token", ["Validation: abc", "<script>alert(1)</script>", "a+b c&d=e%20f", "ä€"]
)
def test_the_handshake_says_the_decoded_token_as_plain_text(house: House, token: str) -> None:
    client = Town(house).app.test_client()
    answer = client.post(PATH, query_string={"validationToken": token})
    assert answer.status_code == 200
    assert answer.get_data(as_text=True) == token
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.attack(55)
def test_what_is_no_delivery(house: House) -> None:
    client = Town(house).app.test_client()
    for token in ("", "x" * 1025, "a\r\nSet-Cookie: b", "\x00"):
        answer = client.post(PATH, query_string={"validationToken": token})
        assert answer.status_code == 400
    assert client.get(PATH).status_code in (404, 405)
    for body in (
        *(b"", b"{}", b"[]", b'{"value": 1}', b'{"value": [{}]}', b"[" * 100_000, b"\xff"),
        *(b'{"value": [], "value": []}', b'{"value": [{"subscriptionId": NaN}]}'),
        b'{"value": [' + b",".join([b'{"subscriptionId": "x"}'] * 1001) + b"]}",
    ):
        answer = client.post(PATH, data=body, content_type="application/json")
        assert answer.status_code in (400, 422), body[:40]
    too_long = b'{"value": ["' + b"x" * 1_100_000 + b'"]}'
    assert client.post(PATH, data=too_long).status_code == 413


def test_kept_calls_are_read_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mapping that was mended reaches calls of Microsoft that are stored already."""
    with scene(house) as s:
        assert s.calls() == 10
        with s.station.work() as work:
            request_remap(work, account_id=s.account_id)
        assert len(s.jobs("calls.remap")) == 1

        def again() -> Remapped:
            given = s.station
            return remap_calls(
                given.engine,
                vault=given.vault,
                tenant_id=given.tenant_id,
                actor=given.actor,
                account_id=s.account_id,
            )

        assert again() == Remapped(read=10, changed=0)
        monkeypatch.setattr(call_records, "_direction", lambda *_: "internal")
        assert again() == Remapped(read=10, changed=7)
        assert again() == Remapped(read=10, changed=0)
