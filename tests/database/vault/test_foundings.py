"""Founding, the check at boot, and keys made ahead."""

import os
import shutil

import pytest

from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.vault import roots
from privacy.vault.custody import make_custody
from privacy.vault.days_ahead import DayKind, make_days_ahead
from privacy.vault.destructions import destroy_days
from privacy.vault.epochs import advance_epoch
from privacy.vault.errors import KeyCheckFailed, NoKey
from privacy.vault.foundings import found_ring
from privacy.vault.key_checks import check_keys
from privacy.vault.keyring import Keyring
from tests.database.vault.conftest import DATA, SERVICE, Pass, Vault, today
from tests.installations import Installation

KINDS = [DayKind(SERVICE, DATA), DayKind("installation", "sessions", installation=True)]


def test_founding_twice_is_founding_once(vault: Vault) -> None:
    keeper = vault.installation.engines.keeper
    assert not found_ring(keeper, vault.other_process().custody)
    assert vault.custody.port.epochs() == [1]
    assert check_keys(vault.installation.engines.app, vault.custody) == 1
    vault.custody.escrow.check()


def test_a_killed_founding_is_founded_anew(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    custody = make_custody(installation.settings)
    for point in ("foundings.write_check", "foundings.create_keys", "creations.bump_version"):
        with monkeypatch.context() as killed:
            killed.setattr(f"privacy.vault.{point}", _kill)
            with pytest.raises(KeyboardInterrupt):
                found_ring(installation.engines.keeper, custody)
    assert found_ring(installation.engines.keeper, custody)
    assert check_keys(installation.engines.app, custody) == 1


def test_a_new_database_does_not_take_over_somebodys_escrow(vault: Vault) -> None:
    vault.tenant()
    keeper = vault.installation.engines.keeper
    for table in ("key_ring", "key_check", "key_epochs"):
        vault.change(f"DELETE FROM {table}")
    with pytest.raises(KeyCheckFailed, match="keys restore"):
        found_ring(keeper, vault.other_process().custody)
    assert vault.custody.port.epochs() == [1]


def test_before_founding_nothing_starts(installation: Installation) -> None:
    custody = make_custody(installation.settings)
    for engine in (installation.engines.app, installation.engines.keeper):
        with pytest.raises(KeyCheckFailed, match="not founded"):
            check_keys(engine, custody)
    with pytest.raises(KeyCheckFailed, match="not founded"):
        advance_epoch(installation.engines.keeper, custody)


def test_another_root_key_stops_the_boot(vault: Vault) -> None:
    path = vault.installation.settings.root_key_file
    assert path is not None
    path.unlink()
    roots.create_root_file(path)
    with pytest.raises(KeyCheckFailed, match="Is it the right one"):
        check_keys(vault.installation.engines.app, vault.other_process().custody)


def test_another_installations_keys_stop_the_boot(vault: Vault) -> None:
    custody = vault.custody
    custody.port.create_epoch(1, os.urandom(32))
    with pytest.raises(KeyCheckFailed, match="disagree"):
        check_keys(vault.installation.engines.app, custody)


@pytest.mark.parametrize("folder", ["escrow_bundle_folder", "escrow_epoch_folder"])
def test_missing_escrow_stops_the_boot(vault: Vault, folder: str) -> None:
    shutil.rmtree(getattr(vault.installation.settings, folder))
    with pytest.raises(KeyCheckFailed, match="keys escrow"):
        check_keys(vault.installation.engines.app, vault.other_process().custody)


def test_days_are_made_ahead_for_everybody_at_once(vault: Vault) -> None:
    tenants = [vault.tenant() for _ in range(7)]
    keeper, additions = vault.installation.engines.keeper, vault.custody.escrow.addition_names
    before = len(additions(1))
    assert make_days_ahead(keeper, vault.custody, kinds=KINDS, batch=4) == 3 * (7 + 1)
    assert len(additions(1)) == before + 3 * 2 + 3
    assert make_days_ahead(keeper, vault.custody, kinds=KINDS) == 0
    for tenant in tenants:
        assert vault.open_day(tenant, today(-2), vault.seal_day(tenant, today(-2))) == b"value"
    assert vault.scalar("SELECT count(*) FROM key_ring WHERE kind = 'day'") == 24
    owners = "SELECT array_agg(DISTINCT tenant_id) FROM key_ring WHERE data = 'sessions'"
    assert vault.scalar(owners) == [INSTALLATION_ID]


def test_tomorrow_makes_one_more_day(vault: Vault, days_pass: Pass) -> None:
    vault.tenant()
    keeper = vault.installation.engines.keeper
    make_days_ahead(keeper, vault.custody, kinds=KINDS)
    days_pass(1)
    assert make_days_ahead(keeper, vault.custody, kinds=KINDS) == 2


def test_destroyed_days_are_not_made_ahead_again(vault: Vault, days_pass: Pass) -> None:
    vault.tenant()
    keeper = vault.installation.engines.keeper
    days_pass(1)
    make_days_ahead(keeper, vault.custody, kinds=KINDS[:1], days=0)
    days_pass(2)
    with keeper.begin() as connection:
        destroy_days(connection, service=SERVICE, data=DATA, through=today(1))
    days_pass(1)
    assert make_days_ahead(keeper, vault.custody, kinds=KINDS[:1], days=0) == 0


def test_no_installation_keys_before_founding(installation: Installation) -> None:
    ring = Keyring(installation.engines.app, make_custody(installation.settings))
    with pytest.raises(NoKey):
        ring._tenant_of(INSTALLATION_ID, (0, 0))  # type: ignore[arg-type]


def _kill(*_: object) -> None:
    raise KeyboardInterrupt
