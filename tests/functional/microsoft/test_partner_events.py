"""Partner Center tells of changes: from the registration of an address to a reading."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import text

from connector.accounts.change import pause_account, resume_account
from connector.http.console.accounts import acts
from connector.http.intake import partner_events
from connector.outbound.failures import TransientFailure
from connector.providers.microsoft.provider import MICROSOFT
from connector.simulators.microsoft.event_signing import EventSigner
from connector.simulators.microsoft.faults import FaultName
from connector.simulators.servers import LocalServer
from connector.syncs.draft_account import draft_account
from connector.syncs.run_account import run_account
from connector.syncs.stations import Station
from connector.syncs.try_account import try_account
from connector.watches import keep
from connector.watches.find_due import enqueue_due_watches
from connector.watches.keep import end_watch, keep_watch
from privacy.core import clock
from privacy.core.db.work import SYSTEM
from tests.functional.console.town import Town
from tests.functional.microsoft.worlds import World, tls, world
from tests.tenancies import House


@dataclass
class Scene:
    """Alice's partner account at a simulated Microsoft, and our web application before it."""

    town: Town
    world: World
    station: Station
    url: str
    account_id: UUID

    def keep(self) -> None:
        keep_watch(self.station, account_id=self.account_id, public_url=self.url)

    def tell(self, name: str, signer: EventSigner | None = None) -> int:
        return self.world.desk.events.tell(self.world.url, name, signer=signer)

    def jobs(self, name: str) -> int:
        statement = "DELETE FROM outbox_jobs WHERE name = :name RETURNING id"
        with self.town.house.installation.superuser().begin() as connection:
            return len(connection.execute(text(statement), {"name": name}).all())

    def undo(self) -> None:
        """As if no stream were due."""
        later = "UPDATE account_streams SET next_due_at = now() + interval '1 day'"
        with self.town.house.installation.superuser().begin() as connection:
            connection.execute(text(later))

    def due(self) -> set[str]:
        rows = "SELECT stream FROM account_streams WHERE next_due_at <= now() + interval '1 s'"
        return {str(row[0]) for row in self.town.house.rows(rows)}


@contextmanager
def scene(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    town = Town(house)
    with world(customers=2, calls=0) as made, LocalServer(town.app) as server:
        trust = ssl.create_default_context(cafile=str(tls().authority))
        authority = made.desk.events.signer.authority.public_bytes(Encoding.PEM)
        trust.load_verify_locations(cadata=authority.decode())
        given = {"tls": trust}
        monkeypatch.setattr(partner_events, "outbound_trust", lambda _: given)
        opened = partial(_opened, Station)
        monkeypatch.setattr(partner_events, "Station", opened)
        tenancy = town.tenancy(town.alices)
        engine = tenancy.installation.engines.app
        station = Station(engine, tenancy.vault, tenancy.id, SYSTEM, loopback=True, outbound=given)
        with station.work() as work:
            account_id = draft_account(
                work,
                vault=tenancy.vault,
                provider=MICROSOFT,
                name="Partner",
                credential=made.stored,
            )
        assert try_account(station, account_id=account_id).worked
        run_account(station, account_id=account_id)
        set_up = Scene(town, made, station, server.url, account_id)
        set_up.jobs("sync.run")
        yield set_up


def _opened(made: Any, *given: Any, **said: Any) -> Station:
    """As with SILTA_OUTBOUND_LOOPBACK, which this town's settings leave out."""
    station: Station = made(*given, **(said | {"loopback": True}))
    return station


def unavailable(*_: object) -> None:
    raise TransientFailure(log="Partner Center is away")


def test_from_a_registration_to_a_reading(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with scene(house, monkeypatch) as s:
        with s.station.work() as work:
            assert enqueue_due_watches(work) == 1
        s.keep()
        first = s.world.desk.events.url
        assert first.startswith(f"{s.url}/in/microsoft/partner-center/")
        with s.station.work() as work:
            assert enqueue_due_watches(work) == 0
        assert s.due() == set()
        assert s.tell("subscription-updated") == 202
        assert (s.due(), s.jobs("sync.run")) == ({"subscriptions"}, 1)
        assert s.tell("test-created") == 202
        assert s.jobs("sync.run") == 0
        monkeypatch.setattr(clock, "_offset", timedelta(days=29, minutes=1))
        with s.station.work() as work:
            assert enqueue_due_watches(work) == 1


@pytest.mark.attack(56)
def test_what_is_not_proven_changes_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with scene(house, monkeypatch) as s:
        s.keep()
        assert s.tell("subscription-updated", signer=EventSigner.made(clock.now())) == 401
        address = s.world.desk.events.url
        client = s.town.app.test_client()
        path = address.removeprefix(s.url)
        assert client.post(path, data=b"{}").status_code == 401
        s.world.desk.events.url = f"{s.url}/in/microsoft/partner-center/guessed"
        assert s.tell("subscription-updated") == 401
        assert (s.due(), s.jobs("sync.run")) == (set(), 0)
        s.world.desk.events.url = address
        s.world.fault("500", times=1, resource="events")
        assert s.tell("subscription-updated") >= 500, "Microsoft sends it again"
        assert s.tell("subscription-updated") == 202


def test_who_may_not_register_is_asked_again_in_a_week(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scene(house, monkeypatch) as s:
        s.world.desk.events.rights = False
        s.keep()
        with s.station.work() as work:
            assert enqueue_due_watches(work) == 0
        monkeypatch.setattr(clock, "_offset", timedelta(days=7))
        with s.station.work() as work:
            assert enqueue_due_watches(work) == 1


def test_a_paused_account_is_told_nothing_and_a_resumed_one_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scene(house, monkeypatch) as s:
        s.keep()
        events = s.world.desk.events
        first, names = events.url, events.names
        with s.station.work() as work:
            pause_account(work, account_id=s.account_id)
        assert s.jobs("watch.keep") == 1, "at once"
        with monkeypatch.context() as away:
            away.setattr(keep, "unregister_events", unavailable)
            with pytest.raises(TransientFailure):
                s.keep()
        assert list(s.town.house.rows("SELECT 1 FROM change_watches")), "it is tried again"
        s.keep()
        assert events.names == ("test-created",), "Partner Center cannot delete a registration"
        assert not list(s.town.house.rows("SELECT 1 FROM change_watches"))
        assert s.tell("subscription-updated") == 401, "and what comes all the same is nobody's"
        with s.station.work() as work:
            resume_account(work, account_id=s.account_id)
        assert try_account(s.station, account_id=s.account_id).worked
        with s.station.work() as work:
            assert enqueue_due_watches(work) == 1
        s.keep()
        assert events.names == names
        assert events.url != first
        s.world.desk.events.rights = False
        end_watch(s.station, account_id=s.account_id)
        assert events.names == names, "what we may not empty, we leave"
        s.world.desk.events.rights = True
        end_watch(s.station, account_id=s.account_id)


def test_a_registration_is_emptied_before_a_system_is_disconnected(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scene(house, monkeypatch) as s:
        s.keep()
        monkeypatch.setattr(acts, "station_of_caller", lambda: s.station)
        browser = s.town.browser(s.town.alice)
        browser.get("/systems")
        path = f"/systems/{s.account_id}/delete"
        assert browser.post(path).status_code == 302
        assert s.world.desk.events.names == ("test-created",)


QUICK = [one for one in FaultName if one not in (FaultName.LATENCY, FaultName.CURSOR_EXPIRED)]


def test_whatever_happens_to_the_certificate_an_event_is_lost_by_none(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each fault of Microsoft's simulator, where the certificate is fetched: an error is answered,
    so the event is sent again, and nothing is believed that could not be checked."""
    with scene(house, monkeypatch) as s:
        s.keep()
        for name in QUICK:
            s.world.fault(name.value, times=1, resource="events")
            told = s.tell("subscription-updated")
            assert told == 0 or told >= 400, name
            assert s.jobs("sync.run") == 0, name
            s.world.desk.faults.clear()
            assert s.tell("subscription-updated") == 202, name
            assert s.jobs("sync.run") == 1, name
            s.undo()
