"""The tasks themselves, with real use cases below them."""

import uuid
from datetime import timedelta
from functools import cached_property, partial
from typing import Any, cast

import pytest
from sqlalchemy import text

from connector.calls.ingest import ingest_calls
from jobs.contexts import House as HouseOfTasks
from jobs.contexts import TaskContext
from jobs.tasks import keys, ledgers, mails, posts, retentions, sweeps
from jobs.tasks.rounds import RoundIncomplete, all_tenants, go_round
from privacy.core.db.engine import Engines
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Misconfigured
from privacy.core.settings import Settings
from privacy.ledger.anchors import DirectoryAnchors
from privacy.ledger.events import Event
from privacy.ledger.list_events import EventFilter, list_events
from privacy.ledger.sequencer import sequence
from privacy.ledger.signing import Identity, Signer, load_identity, load_signer
from privacy.mails.compose import SealingMailer
from privacy.vault.creations import create_tenant_keys
from privacy.vault.custody import Custody
from privacy.vault.keyring import Keyring
from tenants.desks import Desk
from tenants.passwords.hashing import Cost, PasswordHashing
from tenants.tenants.retentions import shorter_retentions
from tests.factories import a_call, days_ago
from tests.tenancies import House


class TaskHouse:
    """What a fork opens, without the web."""

    def __init__(self, house: House) -> None:
        self._folder = house.installation.folder
        self.settings: Settings = house.installation.settings
        self.engines: Engines = house.installation.engines
        self.custody: Custody = house.custody
        self.vault: Keyring = house.vault
        self.anchors = DirectoryAnchors(self._folder / "anchors")

    @cached_property
    def desk(self) -> Desk:
        mailer = SealingMailer(self.vault, sending=False)
        hashing = PasswordHashing(cost=Cost(1, 8))
        address = "https://silta.example"
        return Desk(self.engines.app, self.vault, self.custody, hashing, mailer, address)

    @cached_property
    def signer(self) -> Signer:
        folder = self._folder / "signing"
        folder.mkdir(exist_ok=True)
        return load_signer(folder, wrap=bytes, unwrap=bytes, pinned=None)

    @cached_property
    def identity(self) -> Identity:
        return load_identity(self._folder / "signing", pinned=None)


@pytest.fixture
def settled(house: House) -> House:
    """A house whose tenants are in the installation's directory."""
    create_tenant_keys(house.installation.engines.app, house.custody, INSTALLATION_ID)
    with house.installation.superuser().begin() as connection:
        for tenant in (house.alice, house.charlie):
            connection.execute(
                text(
                    "INSERT INTO tenant_directory (tenant_id, member_tenant_id, created_at) "
                    "VALUES (:installation, :member, now())"
                ),
                {"installation": INSTALLATION_ID, "member": tenant.id},
            )
            connection.execute(
                text(
                    "INSERT INTO tenants (tenant_id, name_sealed, name_version, services, state, "
                    "mfa_required, created_at) VALUES (:t, '', 1, '{T}', 'active', false, now())"
                ),
                {"t": tenant.id},
            )
    return house


def context_of(
    house: House, tenant_id: uuid.UUID = INSTALLATION_ID, **payload: object
) -> TaskContext:
    open_house = cast(HouseOfTasks, TaskHouse(house))
    return TaskContext(open_house, uuid.uuid4(), tenant_id, "test", 0, payload)


def test_a_round_goes_to_every_tenant_and_spares_siblings(settled: House) -> None:
    context = context_of(settled)
    everybody = {INSTALLATION_ID, settled.alice.id, settled.charlie.id}
    assert set(all_tenants(context.house)) == everybody
    seen: set[uuid.UUID] = set()

    def fail_for_alice(work: UnitOfWork) -> None:
        if work.tenant_id == settled.alice.id:
            raise RuntimeError("+12025550142")
        seen.add(work.tenant_id)

    late: set[uuid.UUID] = set()
    with pytest.raises(RoundIncomplete):
        go_round(context, fail_for_alice, lambda work: late.add(work.tenant_id))
    assert seen == everybody - {settled.alice.id}
    assert late == everybody


def test_keys_and_partitions_are_made_ahead_once(settled: House) -> None:
    keys.make_ahead(context_of(settled))
    made = settled.installation.count("key_ring")
    keys.make_ahead(context_of(settled))
    assert settled.installation.count("key_ring") == made
    assert made > 6


@pytest.mark.promise("B1")
def test_retention_ends_days_and_runs_twice_harmlessly(
    settled: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = settled.alice
    with alice.work() as work:
        calls = [a_call(), a_call(started_at=days_ago(10))]
        ingest_calls(work, vault=alice.vault, account=alice.account(), calls=calls)
    shift = partial(monkeypatch.setattr, "privacy.core.clock._offset")
    shift(timedelta(days=25))
    for _ in range(2):
        retentions.run(context_of(settled))
    assert settled.installation.count("calls") == 1
    shift(timedelta(days=31))
    retentions.run(context_of(settled))
    assert settled.installation.count("calls") == 0


def test_a_tenants_shorter_choice_is_kept_and_its_rows_go(settled: House) -> None:
    alice = settled.alice
    with alice.work() as work:
        calls = [a_call(), a_call(started_at=days_ago(10))]
        ingest_calls(work, vault=alice.vault, account=alice.account(), calls=calls)
    with settled.installation.superuser().begin() as connection:
        connection.execute(
            text("UPDATE tenants SET retention_days_calls = 5 WHERE tenant_id = :t"),
            {"t": alice.id},
        )
    context = context_of(settled)
    (choice,) = shorter_retentions(context.house.desk)
    assert (choice.tenant_id, choice.keep) == (alice.id, 5)
    retentions.run(context)
    asked = "SELECT count(*) FROM outbox_jobs WHERE name = 'retention.delete'"
    assert next(settled.rows(asked)) == (1,)
    retentions.delete(context_of(settled, alice.id))
    assert settled.installation.count("calls") == 1


def test_single_posts_are_said_by_the_minute(settled: House) -> None:
    alice = settled.alice
    account = alice.account()
    for _ in range(3):
        with alice.work() as work:
            ingest_calls(work, vault=alice.vault, account=account, calls=[a_call()], single=True)
    found = list(settled.rows("SELECT id, run_at > now() FROM outbox_jobs"))
    assert [row[1] for row in found] == [True], "one job for many posts, and not yet"
    with settled.installation.superuser().begin() as connection:
        connection.execute(text("UPDATE post_minutes SET minute = minute - interval '1 h'"))
    events = settled.installation.count("ledger_events")
    posts.record(context_of(settled, alice.id))
    posts.record(context_of(settled, alice.id))
    assert settled.installation.count("ledger_events") == events + 1


def test_what_has_expired_is_swept(settled: House) -> None:
    sweeps.sweep(context_of(settled))


def test_a_mail_waits_for_a_mail_server(settled: House) -> None:
    with pytest.raises(Misconfigured):
        mails.send(context_of(settled, mail_id=str(uuid.uuid4())))


@pytest.mark.attack(57)
def test_a_broken_ledger_is_noticed_at_night(settled: House) -> None:
    context = context_of(settled)
    house = cast(TaskHouse, context.house)
    retentions.run(context)
    while sequence(house.engines.sequencer, house.signer, house.anchors):
        pass
    ledgers.verify(context)
    with settled.installation.superuser().begin() as connection:
        connection.execute(text("UPDATE ledger_events SET facts = '{\"keys\": 7}'"))
    with pytest.raises(ledgers.LedgerBroken):
        ledgers.verify(context)


@pytest.mark.attack(57)
def test_one_chain_is_verified_when_somebody_asks(settled: House) -> None:
    context = context_of(settled)
    house = cast(TaskHouse, context.house)
    retentions.run(context)
    while sequence(house.engines.sequencer, house.signer, house.anchors):
        pass
    ledgers.verify_own(context)
    assert _newest_facts(context)["intact"] is True
    with settled.installation.superuser().begin() as connection:
        connection.execute(text("UPDATE ledger_events SET facts = '{\"keys\": 7}'"))
    ledgers.verify_own(context)
    newest = _newest_facts(context)
    assert (newest["intact"], newest["problem"]) == (False, "edited_event")


def _newest_facts(context: TaskContext) -> dict[str, Any]:
    verified = EventFilter(event_prefix=Event.LEDGER_VERIFIED.value)
    with context.work() as work:
        return list_events(work, where=verified, limit=1).events[0].facts
