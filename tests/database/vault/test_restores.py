"""After a failover or a point-in-time restore the key rows come from escrow."""

import shutil
from uuid import UUID

import pytest

from privacy.vault.creations import create_keys
from privacy.vault.custody import Custody
from privacy.vault.destructions import Reason, destroy_days
from privacy.vault.epochs import Step, advance_epoch
from privacy.vault.errors import DayEnded, EscrowFailed, KeyCheckFailed
from privacy.vault.key_checks import check_keys
from privacy.vault.leases import LIMIT
from privacy.vault.restores import LEASE_MARGIN, Restored, restore_from_escrow
from privacy.vault.rotations import rotate_tenant, set_floors
from privacy.vault.wrapping import KeyKind, KeyName
from tests.database.vault.conftest import DATA, SERVICE, Vault, today


def _restore(vault: Vault) -> Restored:
    return restore_from_escrow(vault.installation.engines.keeper, vault.other_process().custody)


def _advance(vault: Vault) -> int:
    return advance_epoch(vault.installation.engines.keeper, vault.custody)


def _lose_the_ring(vault: Vault) -> None:
    for table in ("key_ring", "key_check", "key_floors"):
        vault.change(f"DELETE FROM {table}")


def _opens(vault: Vault, tenant: UUID, day: bytes, secret: bytes) -> None:
    process = vault.other_process()
    assert process.open_day(tenant, today(), day) == b"value"
    assert process.open_scope(tenant, secret) == b"secret"
    check_keys(vault.installation.engines.app, process.custody)


def test_a_lost_ring_comes_back_from_bundle_and_additions(vault: Vault) -> None:
    alice = vault.tenant()
    one = vault.seal_day(alice, today()), vault.seal_scope(alice)
    _advance(vault)
    charlie = vault.tenant()
    two = vault.seal_day(charlie, today()), vault.seal_scope(charlie)
    keys = vault.scalar("SELECT count(*) FROM key_ring")
    _lose_the_ring(vault)
    assert _restore(vault) == (2, keys)
    _opens(vault, alice, *one)
    _opens(vault, charlie, *two)
    assert _advance(vault) == 3
    _opens(vault, charlie, *two)


def test_a_database_of_an_earlier_epoch_is_brought_forward(vault: Vault) -> None:
    alice = vault.tenant()
    old = [vault.scalar("SELECT max(number) FROM key_epochs")]
    vault.change("CREATE TABLE old_ring AS SELECT * FROM key_ring")
    _advance(vault)
    day, secret = vault.seal_day(alice, today()), vault.seal_scope(alice)
    vault.change("DELETE FROM key_ring")
    vault.change("INSERT INTO key_ring SELECT * FROM old_ring")
    vault.change("DELETE FROM key_check")
    vault.change("DELETE FROM key_epochs WHERE number = 2")
    vault.change("UPDATE key_epochs SET state = 'current' WHERE number = 1")
    assert old == [1]
    with pytest.raises(KeyCheckFailed):
        check_keys(vault.installation.engines.app, vault.other_process().custody)
    assert _restore(vault).epoch == 2
    _opens(vault, alice, day, secret)
    assert _advance(vault) == 3


def test_a_lost_port_is_filled_from_escrow(vault: Vault) -> None:
    alice = vault.tenant()
    day, secret = vault.seal_day(alice, today()), vault.seal_scope(alice)
    shutil.rmtree(vault.installation.settings.keys_folder)
    with pytest.raises(KeyCheckFailed, match="keys restore"):
        check_keys(vault.installation.engines.app, vault.other_process().custody)
    _restore(vault)
    _opens(vault, alice, day, secret)


class Killed(BaseException):
    """Stands for the end of the process."""


def test_between_two_epochs(vault: Vault) -> None:
    for step in (Step.STORED, Step.SWITCHED, Step.REWRAPPED, Step.ESCROWED, Step.UNPORTED):
        alice = vault.tenant()
        day, secret = vault.seal_day(alice, today()), vault.seal_scope(alice)

        def stop(reached: Step, step: Step = step) -> None:
            if reached is step:
                raise Killed

        with pytest.raises(Killed):
            advance_epoch(vault.installation.engines.keeper, vault.custody, on_step=stop)
        charlie = vault.tenant()
        late = vault.seal_day(charlie, today()), vault.seal_scope(charlie)
        _lose_the_ring(vault)
        _restore(vault)
        for tenant, value in ((alice, (day, secret)), (charlie, late)):
            assert vault.other_process().open_day(tenant, today(), value[0]) == b"value"
            assert vault.other_process().open_scope(tenant, value[1]) == b"secret"
        epoch = _advance(vault)
        assert vault.custody.port.epochs() == [epoch]
        _opens(vault, charlie, *late)


def test_a_key_of_a_killed_creation_gives_way_to_the_real_one(vault: Vault) -> None:
    alice = vault.tenant()
    name = KeyName(alice, KeyKind.DAY, SERVICE, DATA, today(), 1)
    with pytest.raises(Killed), vault.installation.engines.keeper.begin() as connection:
        _create_and_die(vault.custody, connection, name)
    day, secret = vault.seal_day(alice, today()), vault.seal_scope(alice)
    assert len(vault.custody.escrow.addition_names(1)) == 4
    _lose_the_ring(vault)
    _restore(vault)
    _opens(vault, alice, day, secret)
    _advance(vault)
    assert vault.custody.escrow.addition_names(2) == []


def _create_and_die(custody: Custody, connection: object, name: KeyName) -> None:
    create_keys(connection, custody, [name])  # type: ignore[arg-type]
    raise Killed


def test_what_was_destroyed_stays_destroyed(vault: Vault) -> None:
    alice = vault.tenant()
    vault.seal_day(alice, today(2))
    with vault.installation.engines.keeper.begin() as connection:
        destroy_days(
            connection, service=SERVICE, data=DATA, through=today(2), reason=Reason.ERASURE
        )
    _restore(vault)  # the bundle is older than the destruction, the tombstone is not
    assert vault.scalar("SELECT count(*) FROM key_ring WHERE kind = 'day'") == 0
    _advance(vault)
    vault.change("DELETE FROM key_destructions")  # a database from before the destruction
    _restore(vault)
    with pytest.raises(DayEnded):
        vault.other_process().seal_day(alice, today(2))


@pytest.mark.attack(1)
def test_counters_of_seals_jump_past_what_may_have_been_used(vault: Vault) -> None:
    alice = vault.tenant()
    vault.seal_day(alice, today())
    vault.change("UPDATE key_ring SET seals_leased = 100000000 WHERE kind = 'day'")
    vault.change("UPDATE key_ring SET seals_leased = 2147480000 WHERE kind = 'tenant'")
    _restore(vault)
    leased = "SELECT max(seals_leased) FROM key_ring WHERE kind = "
    assert vault.scalar(leased + "'day'") == 100_000_000 + LEASE_MARGIN
    assert vault.scalar(leased + "'tenant'") == LIMIT


@pytest.mark.attack(7)
def test_floors_come_back(vault: Vault) -> None:
    alice, keeper = vault.tenant(), vault.installation.engines.keeper
    rotate_tenant(keeper, vault.custody, tenant_id=alice)
    set_floors(keeper, tenant_id=alice, min_open=2, min_seal=2)
    _advance(vault)
    _lose_the_ring(vault)
    _restore(vault)
    assert vault.scalar("SELECT min_open FROM key_floors WHERE tenant_id = :t", t=alice) == 2


@pytest.mark.attack(10)
def test_no_process_takes_the_old_ring_for_the_new_one(vault: Vault) -> None:
    alice = vault.tenant()
    vault.seal_day(alice, today())
    before = vault.scalar("SELECT flushed FROM key_ring_version")
    _advance(vault)
    vault.change("UPDATE key_ring_version SET version = 0, flushed = 0")
    _restore(vault)
    after = vault.scalar("SELECT flushed FROM key_ring_version")
    assert isinstance(before, int)
    assert isinstance(after, int)
    assert after > before


def test_escrow_that_is_empty_or_damaged_changes_nothing(vault: Vault) -> None:
    alice = vault.tenant()
    day, secret = vault.seal_day(alice, today()), vault.seal_scope(alice)
    bundles = vault.custody.escrow.bundles
    good = {name: bundles.get(name) or b"" for name in bundles.names()}
    for name, content in good.items():
        bundles.put(name, content[:-1] + bytes([content[-1] ^ 1]))
        with pytest.raises(EscrowFailed):
            _restore(vault)
        bundles.put(name, content)
    bundles.delete("bundle/1")
    with pytest.raises(KeyCheckFailed, match="Escrow has no key ring"):
        _restore(vault)
    bundles.put("bundle/1", good["bundle/1"])
    _opens(vault, alice, day, secret)
