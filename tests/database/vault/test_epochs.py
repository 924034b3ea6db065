"""The nightly epoch: killed at every step, nothing is lost and the old epoch is gone."""

import contextlib
import itertools
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from uuid import UUID

import pytest

from privacy.vault.epochs import Step, advance_epoch, refill_escrow
from privacy.vault.errors import EscrowFailed, KeyCheckFailed, KeyPortFailed, OpenError
from privacy.vault.key_checks import check_keys
from tests.database.vault.conftest import Vault, today

Sealed = list[tuple[UUID, int, bytes, bytes]]


class Killed(BaseException):
    """Stands for the end of the process."""


def _fill(vault: Vault, tenants: int = 3) -> Sealed:
    made: Sealed = []
    for _ in range(tenants):
        tenant = vault.tenant()
        made += [
            (tenant, age, vault.seal_day(tenant, today(age)), vault.seal_scope(tenant))
            for age in (0, 1, 29)
        ]
    return made


def _all_open(vault: Vault, sealed: Sealed) -> None:
    process = vault.other_process()
    for tenant, age, day, scope in sealed:
        assert process.open_day(tenant, today(age), day) == b"value"
        assert process.open_scope(tenant, scope) == b"secret"


def _advance(vault: Vault, kill_at: Step | None = None) -> int:
    def stop(step: Step) -> None:
        if step is kill_at:
            raise Killed

    keeper = vault.installation.engines.keeper
    return advance_epoch(keeper, vault.other_process().custody, on_step=stop, batch=4)


def _epochs_left(vault: Vault) -> tuple[list[int], list[int], object, object]:
    custody = vault.other_process().custody
    return (
        custody.port.epochs(),
        custody.escrow.epochs.epochs(),
        vault.scalar("SELECT array_agg(DISTINCT epoch) FROM key_ring"),
        vault.scalar("SELECT array_agg(number) FROM key_epochs WHERE state <> 'ended'"),
    )


def _sound(vault: Vault, sealed: Sealed, epoch: int) -> None:
    assert _epochs_left(vault) == ([epoch], [epoch], [epoch], [epoch])
    escrow = vault.other_process().custody.escrow
    assert escrow.bundles.names() == [f"bundle/{epoch}"]
    bundle = escrow.read_bundle(epoch, escrow.epochs.read_epoch(epoch))
    assert bundle is not None
    assert len(bundle.rows) == vault.scalar("SELECT count(*) FROM key_ring")
    assert check_keys(vault.installation.engines.app, vault.other_process().custody) == epoch
    _all_open(vault, sealed)


def test_every_key_goes_under_the_new_epoch_and_the_old_one_goes(vault: Vault) -> None:
    sealed = _fill(vault)
    before = vault.scalar("SELECT array_agg(wrapped ORDER BY key_id) FROM key_ring")
    assert _advance(vault) == 2
    _sound(vault, sealed, 2)
    assert before != vault.scalar("SELECT array_agg(wrapped ORDER BY key_id) FROM key_ring")
    _all_open(Vault(vault.installation, vault.custody, vault.ring), sealed)
    assert _advance(vault) == 3
    _sound(vault, sealed, 3)


@pytest.mark.attack(8)
def test_killed_after_any_step_the_next_run_finishes(vault: Vault) -> None:
    sealed = _fill(vault)
    for step in Step:
        with pytest.raises(Killed):
            _advance(vault, kill_at=step)
        _all_open(vault, sealed)
        check_keys(vault.installation.engines.app, vault.other_process().custody)
        sealed += _fill(vault, tenants=1)
        _sound(vault, sealed, _advance(vault))


@pytest.mark.attack(8)
def test_killed_twice_the_third_run_finishes(vault: Vault) -> None:
    sealed = _fill(vault, tenants=1)
    for step in Step:
        for _ in range(2):
            with pytest.raises(Killed):
                _advance(vault, kill_at=step)
        _sound(vault, sealed, _advance(vault))


@pytest.mark.attack(8)
def test_a_real_kill_at_every_step(vault: Vault) -> None:
    sealed = _fill(vault, tenants=1)
    for step in Step:
        command = [sys.executable, "-m", "tests.database.vault.killed_epoch", step.value]
        ended = subprocess.run(command, env=_environment(vault), check=False, timeout=60)
        assert ended.returncode == -signal.SIGKILL
        _all_open(vault, sealed)
        _sound(vault, sealed, _advance(vault))


@pytest.mark.attack(8)
def test_killed_between_any_two_files_of_a_step(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = _fill(vault, tenants=1)
    for last in range(100):
        calls = itertools.count()

        def stop(*_: object, calls: Iterator[int] = calls, last: int = last) -> None:
            if next(calls) == last:
                raise Killed

        with monkeypatch.context() as killed, contextlib.suppress(Killed):
            killed.setattr("privacy.vault.folders.sync_folder", stop)
            _advance(vault)
            break
        _all_open(vault, sealed)
        _sound(vault, sealed, _advance(vault))
    assert last > 8


def test_a_process_starts_while_an_epoch_ends(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its look at the database and its look at the keys, all of it happens."""
    _fill(vault)
    starting = vault.other_process().custody
    read, late = starting.port.read_epoch, iter([_advance])

    def meanwhile(epoch: int) -> bytes:
        for advance in late:
            advance(vault)
        return read(epoch)

    monkeypatch.setattr(starting.port, "read_epoch", meanwhile)
    assert check_keys(vault.installation.engines.app, starting) == 2


def test_work_goes_on_while_an_epoch_ends(vault: Vault) -> None:
    sealed, process, failures = _fill(vault), vault.other_process(), list[BaseException]()
    done = threading.Event()

    def use() -> None:
        try:
            while not done.is_set():
                tenant, age, day, scope = sealed[0]
                process.ring.forget()
                assert process.open_day(tenant, today(age), day) == b"value"
                assert process.open_scope(tenant, scope) == b"secret"
                sealed.append((vault.tenant(), 0, b"", b""))
                made = sealed[-1][0]
                day_value, secret = process.seal_day(made, today()), process.seal_scope(made)
                sealed[-1] = (made, 0, day_value, secret)
        except BaseException as error:  # noqa: BLE001 (told to the main thread)
            failures.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    for _ in range(4):
        _advance(vault)
    done.set()
    thread.join()
    assert failures == []
    _all_open(vault, sealed)


def test_two_runs_at_once_take_turns(vault: Vault) -> None:
    sealed = _fill(vault)
    threads = [threading.Thread(target=_advance, args=(vault,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _sound(vault, sealed, 4)


def test_a_damaged_key_destroys_nothing(vault: Vault) -> None:
    sealed = _fill(vault)
    vault.change(
        "UPDATE key_ring SET wrapped = overlay(wrapped placing '\\x00000000' from 20) "
        "WHERE key_id = (SELECT min(key_id) FROM key_ring)"
    )
    with pytest.raises(OpenError):
        _advance(vault)
    assert 1 in vault.other_process().custody.port.epochs()
    assert vault.other_process().custody.escrow.has_ring(1)
    assert sealed


@pytest.mark.attack(5)
def test_a_key_that_is_not_its_commitment_stops_the_epoch(vault: Vault) -> None:
    _fill(vault)
    vault.change(
        "UPDATE key_ring SET commitment = overlay(commitment placing '\\x00000000' from 20) "
        "WHERE key_id = (SELECT min(key_id) FROM key_ring)"
    )
    with pytest.raises(OpenError):
        _advance(vault)
    assert 1 in vault.other_process().custody.port.epochs()


def test_escrow_away_ends_the_run_and_loses_nothing(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = _fill(vault)
    with monkeypatch.context() as broken:
        broken.setattr("privacy.vault.escrow.put_and_read_back", _fail)
        with pytest.raises(EscrowFailed):
            _advance(vault)
    _all_open(vault, sealed)
    _sound(vault, sealed, _advance(vault))


def test_a_database_behind_its_escrow_is_not_advanced(vault: Vault) -> None:
    _fill(vault)
    _advance(vault)
    vault.change("UPDATE key_epochs SET state = 'ended' WHERE number = 2")
    vault.change("UPDATE key_epochs SET state = 'current' WHERE number = 1")
    with pytest.raises(KeyCheckFailed, match="keys restore"):
        _advance(vault)


def test_lost_escrow_is_filled_again(vault: Vault) -> None:
    sealed = _fill(vault)
    for name in vault.custody.escrow.bundles.names():
        vault.custody.escrow.bundles.delete(name)
    vault.custody.escrow.epochs.destroy_epoch(1)
    keeper = vault.installation.engines.keeper
    with pytest.raises(KeyCheckFailed, match="keys escrow"):
        check_keys(keeper, vault.custody)
    assert refill_escrow(keeper, vault.custody) == vault.scalar("SELECT count(*) FROM key_ring")
    _sound(vault, sealed, 1)


def test_a_port_that_keeps_a_destroyed_key_is_found_out(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = vault.custody.port
    monkeypatch.setattr(port, "epochs", lambda: [1, 2])
    with pytest.raises(KeyPortFailed):
        port.destroy_epoch(2)


def _fail(*_: object) -> None:
    raise EscrowFailed


def _environment(vault: Vault) -> dict[str, str]:
    settings = vault.installation.settings
    assert settings.keeper_database_url is not None
    return {
        **os.environ,
        "SILTA_ENV": "development",
        "SILTA_DATABASE_URL": settings.database_url.get_secret_value(),
        "SILTA_KEEPER_DATABASE_URL": settings.keeper_database_url.get_secret_value(),
        "SILTA_REDIS_URL": settings.redis_url.get_secret_value(),
        "SILTA_ROOT_KEY_FILE": str(settings.root_key_file),
        "SILTA_KEYS_FOLDER": str(settings.keys_folder),
        "SILTA_ESCROW_BUNDLE_FOLDER": str(settings.escrow_bundle_folder),
        "SILTA_ESCROW_EPOCH_FOLDER": str(settings.escrow_epoch_folder),
    }
