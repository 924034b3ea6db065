"""The ring as processes use it: against a real database, with committed transactions."""

import contextlib
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import event

from privacy.core.db.questions import Question
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.ids import new_id
from privacy.vault import sealing
from privacy.vault.creations import create_tenant_keys
from privacy.vault.errors import DayEnded, DayTooFar, EscrowFailed, NoKey, OpenError, SealLimit
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Index, Scope
from privacy.vault.leases import LIMIT, SMALLEST
from privacy.vault.ring_versions import RingVersion
from tests.database.vault.conftest import DATA, SERVICE, Pass, Vault, place, today


def test_days_and_scopes_open_in_every_process(vault: Vault) -> None:
    tenant = vault.tenant()
    sealed, secret = vault.seal_day(tenant, today()), vault.seal_scope(tenant)
    for process in (vault, vault.other_process()):
        assert process.open_day(tenant, today(), sealed) == b"value"
        assert process.open_scope(tenant, secret) == b"secret"


def test_tokens_are_the_same_in_every_process(vault: Vault) -> None:
    tenant, tokens, digests = vault.tenant(), set[int](), set[bytes]()
    for process in (vault, vault.other_process()):
        with process.work(tenant) as work:
            key = process.ring.day_key(work, service=SERVICE, data=DATA, day=today())
            tokens.add(key.index(Index.NUMBER).token(b"+12025550101"))
            digests.add(process.ring.tenant_index(work, Index.EMAIL).digest(b"a@example.com"))
            digests.add(process.ring.installation_index(Index.EMAIL).digest(b"a@example.com"))
    assert (len(tokens), len(digests)) == (1, 2)


def test_creating_tenant_keys_twice_changes_nothing(vault: Vault) -> None:
    tenant = vault.tenant()
    secret = vault.seal_scope(tenant)
    create_tenant_keys(vault.installation.engines.app, vault.custody, tenant)
    assert vault.other_process().open_scope(tenant, secret) == b"secret"
    assert vault.scalar("SELECT count(*) FROM key_ring WHERE tenant_id = :t", t=tenant) == 2


def test_a_tenant_without_keys_has_none(vault: Vault) -> None:
    with vault.work(new_id()) as work, pytest.raises(NoKey):
        vault.ring.scope_key(work, Scope.CREDENTIALS)


def test_what_a_request_path_asks_the_database(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant = vault.tenant()
    vault.seal_day(tenant, today())
    statements: list[str] = []
    engine = vault.installation.engines.app

    def note(*given: object) -> None:
        statements.append(str(given[2]))

    def put(question: Question[RingVersion], driver: psycopg.Connection[Any]) -> RingVersion | None:
        statements.append(question.sql)
        return plainly(question, driver)

    plainly = Question.put
    monkeypatch.setattr(Question, "put", put)
    event.listen(engine, "before_cursor_execute", note)
    with vault.work(tenant) as work:
        for _ in range(3):
            key = vault.ring.day_key(work, service=SERVICE, data=DATA, day=today())
            sealing.seal(key, place(tenant).row(b"2"), b"x")
    event.remove(engine, "before_cursor_execute", note)
    vault_statements = [s for s in statements if "set_config" not in s]
    assert vault_statements == ["SELECT version, flushed FROM key_ring_version"]


def test_a_range_of_days_is_one_query_and_then_none(vault: Vault) -> None:
    tenant = vault.tenant()
    for age in (0, 2, 5):
        vault.seal_day(tenant, today(age))
    process, reads = vault.other_process(), list[str]()
    engine = vault.installation.engines.app

    def note(*given: object) -> None:
        reads.append(str(given[2]))

    event.listen(engine, "before_cursor_execute", note)
    for _ in range(2):
        with process.work(tenant) as work:
            keys = process.ring.day_keys(
                work, service=SERVICE, data=DATA, first=today(29), last=today()
            )
        assert sorted(keys) == [today(5), today(2), today(0)]
    event.remove(engine, "before_cursor_execute", note)
    assert sum("FROM key_ring WHERE" in s for s in reads) == 1


def test_a_day_made_elsewhere_is_seen_after_it_was_missed(vault: Vault) -> None:
    tenant, other = vault.tenant(), vault.other_process()
    with other.work(tenant) as work:
        assert other.ring.find_day_key(work, service=SERVICE, data=DATA, day=today()) is None
    sealed = vault.seal_day(tenant, today())
    assert other.open_day(tenant, today(), sealed) == b"value"


def test_many_processes_make_one_key(vault: Vault) -> None:
    tenant = vault.tenant()
    processes = [vault.other_process() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        sealed = list(pool.map(lambda p: p.seal_day(tenant, today()), processes))
    assert len({blob[1:9] for blob in sealed}) == 1
    for process in processes:
        assert {process.open_day(tenant, today(), blob) for blob in sealed} == {b"value"}
    assert vault.scalar("SELECT count(*) FROM key_ring WHERE kind = 'day'") == 1


def test_a_bounded_memory_still_finds_everything(vault: Vault) -> None:
    small = Keyring(vault.installation.engines.app, vault.custody, capacity=2)
    tenants = [vault.tenant() for _ in range(4)]
    for _ in range(2):
        for tenant in tenants:
            with vault.work(tenant) as work:
                small.day_key(work, service=SERVICE, data=DATA, day=today())
                small.scope_key(work, Scope.MAILS)


@pytest.mark.parametrize("age", [30, 31, 400])
def test_an_ended_day_gets_no_key(vault: Vault, age: int) -> None:
    with pytest.raises(DayEnded):
        vault.seal_day(vault.tenant(), today(age))
    assert vault.scalar("SELECT count(*) FROM key_ring WHERE kind = 'day'") == 0


def test_the_oldest_and_the_furthest_day(vault: Vault) -> None:
    tenant = vault.tenant()
    for age in (29, -1, -3):
        vault.seal_day(tenant, today(age))
    with pytest.raises(DayTooFar):
        vault.seal_day(tenant, today(-4))


def test_a_tenant_can_keep_days_for_less(vault: Vault) -> None:
    tenant = vault.tenant()
    ring = Keyring(vault.installation.engines.app, vault.custody, keep_days=lambda *_: 3)
    sealed = vault.seal_day(tenant, today(5))
    with vault.work(tenant) as work:
        assert ring.find_day_key(work, service=SERVICE, data=DATA, day=today(5)) is None
        with pytest.raises(DayEnded):
            ring.day_key(work, service=SERVICE, data=DATA, day=today(5))
        ring.day_key(work, service=SERVICE, data=DATA, day=today(2))
    assert vault.open_day(tenant, today(5), sealed) == b"value"


@pytest.mark.attack(68)
def test_a_day_is_over_for_readers_the_moment_it_ends(vault: Vault, days_pass: Pass) -> None:
    tenant = vault.tenant()
    sealed = vault.seal_day(tenant, today())
    days_pass(29)
    assert vault.open_day(tenant, today(29), sealed) == b"value"
    days_pass(30)
    assert vault.open_day(tenant, today(30), sealed) is None
    with pytest.raises(DayEnded):
        vault.seal_day(tenant, today(30))


def test_nothing_is_sealed_before_escrow_has_the_key(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant = vault.tenant()
    with monkeypatch.context() as broken:
        broken.setattr("privacy.vault.stores.DirectoryStore.get", lambda *_: None)
        broken.setattr(vault.custody.port, "read_epoch", lambda _: os.urandom(32))
        with pytest.raises(EscrowFailed):
            vault.seal_day(tenant, today())
    assert vault.scalar("SELECT count(*) FROM key_ring WHERE kind = 'day'") == 0
    vault.seal_day(tenant, today())
    assert vault.custody.escrow.addition_names(1)


@pytest.mark.attack(1)
def test_leases_are_written_down_before_they_are_used(vault: Vault) -> None:
    tenant = vault.tenant()
    vault.seal_day(tenant, today())
    assert _leased(vault) == SMALLEST
    with vault.work(tenant) as work:
        key = vault.ring.day_key(work, service=SERVICE, data=DATA, day=today())
        sealing.seal_many(key, [b""] * 10_000, [b""] * 10_000)
    assert _leased(vault) >= 10_001
    before = _leased(vault)
    vault.other_process().seal_day(tenant, today())
    assert _leased(vault) == before + SMALLEST


@pytest.mark.attack(1)
def test_a_lease_survives_the_transaction_that_asked_for_it(vault: Vault) -> None:
    tenant = vault.tenant()
    with contextlib.suppress(ZeroDivisionError), vault.work(tenant) as work:
        key = vault.ring.day_key(work, service=SERVICE, data=DATA, day=today())
        sealing.seal(key, place(tenant).row(b"1"), b"x")
        raise ZeroDivisionError
    assert _leased(vault) == SMALLEST


@pytest.mark.attack(1)
def test_the_database_refuses_seals_past_the_limit(vault: Vault) -> None:
    tenant = vault.tenant()
    vault.seal_day(tenant, today())
    vault.change("UPDATE key_ring SET seals_leased = :n WHERE kind = 'day'", n=LIMIT - SMALLEST + 1)
    with pytest.raises(SealLimit):
        vault.other_process().seal_day(tenant, today())
    sealed = vault.seal_day(tenant, today())  # what was leased before is still good
    assert vault.open_day(tenant, today(), sealed) == b"value"


@pytest.mark.attack(18)
def test_a_forked_child_takes_leases_of_its_own(vault: Vault) -> None:
    tenant = vault.tenant()
    vault.seal_day(tenant, today())
    assert len(vault.ring._days) == 1
    child = os.fork()
    if child == 0:
        os._exit(len(vault.ring._days) + len(vault.ring._tenants) + len(vault.custody._wrappers))
    assert os.waitpid(child, 0)[1] == 0
    assert len(vault.ring._days) == 1


@pytest.mark.attack(2)
def test_values_do_not_open_for_another_tenant(vault: Vault) -> None:
    alice, charlie = vault.tenant(), vault.tenant()
    day, secret = vault.seal_day(alice, today()), vault.seal_scope(alice)
    vault.seal_day(charlie, today())
    with pytest.raises(OpenError):
        vault.open_day(charlie, today(), day)
    with pytest.raises(OpenError):
        vault.open_scope(charlie, secret)


def test_the_installation_has_keys_of_its_own(vault: Vault) -> None:
    secret = vault.seal_scope(INSTALLATION_ID)
    assert vault.other_process().open_scope(INSTALLATION_ID, secret) == b"secret"
    assert today() - timedelta(days=1) == today(1)


def _leased(vault: Vault) -> int:
    leased = vault.scalar("SELECT seals_leased FROM key_ring WHERE kind = 'day'")
    assert isinstance(leased, int)
    return leased
