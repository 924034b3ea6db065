"""Root and tenant keys rotate while the service works."""

from itertools import count
from uuid import UUID

import pytest
from sqlalchemy import text

from privacy.core.ids import new_id
from privacy.vault import roots
from privacy.vault.custody import make_custody
from privacy.vault.epochs import advance_epoch
from privacy.vault.errors import (
    FloorRefused,
    KeyCheckFailed,
    NoKey,
    OpenError,
    StillNeeded,
)
from privacy.vault.key_checks import check_keys
from privacy.vault.labels import Scope
from privacy.vault.meanings import Place
from privacy.vault.reseals import SealedColumn, find_dependants, reseal_tenant
from privacy.vault.rotations import rotate_root, rotate_tenant, set_floors, trim_versions
from tests.database.vault.conftest import Vault, today

COLUMN = SealedColumn("sealed_things", "value_sealed", Scope.CREDENTIALS, "thing", "id", "version")


@pytest.fixture
def things(vault: Vault) -> UUID:
    """A tenant with twenty sealed values in a table of its own."""
    vault.change(
        "CREATE TABLE sealed_things (tenant_id uuid, id uuid, version int, value_sealed bytea)"
    )
    vault.change("GRANT SELECT, UPDATE, INSERT ON sealed_things TO silta_app")
    tenant = vault.tenant()
    for version in range(20):
        _put(vault, tenant, version, b"secret-%d" % version)
    vault.change(
        "INSERT INTO sealed_things (tenant_id, id, version) VALUES (:t, :i, 1)",
        t=tenant,
        i=new_id(),
    )
    return tenant


def _put(vault: Vault, tenant: UUID, version: int, value: bytes) -> None:
    row, place = new_id(), Place("thing", tenant, "sealed_things", "value_sealed")
    with vault.work(tenant) as work:
        sealed = vault.ring.seal(work, Scope.CREDENTIALS, place.row(row, version), value)
        work.connection.execute(
            text("INSERT INTO sealed_things VALUES (:tenant, :row, :version, :sealed)"),
            {"tenant": tenant, "row": row, "version": version, "sealed": sealed},
        )


def _values(vault: Vault, tenant: UUID) -> set[bytes]:
    place = Place("thing", tenant, "sealed_things", "value_sealed")
    with vault.work(tenant) as work:
        rows = work.connection.execute(
            text("SELECT id, version, value_sealed FROM sealed_things WHERE value_sealed NOTNULL")
        ).all()
        return {
            vault.ring.open(work, Scope.CREDENTIALS, place.row(row, version), sealed)
            for row, version, sealed in rows
        }


SECRETS = {b"secret-%d" % n for n in range(20)}


def _rotate(vault: Vault, tenant: UUID) -> int:
    return rotate_tenant(vault.installation.engines.keeper, vault.custody, tenant_id=tenant)


def _reseal(vault: Vault, tenant: UUID, **given: object) -> int:
    app = vault.installation.engines.app
    return reseal_tenant(
        app,
        vault.ring,
        tenant_id=tenant,
        resealables=[COLUMN],
        **given,  # type: ignore[arg-type]
    )


def _dependants(vault: Vault, tenant: UUID) -> list[int]:
    app = vault.installation.engines.app
    return find_dependants(app, tenant_id=tenant, resealables=[COLUMN])


def test_a_new_version_seals_and_old_values_stay_readable(vault: Vault) -> None:
    tenant, other = vault.tenant(), vault.other_process()
    old = other.seal_scope(tenant)
    assert _rotate(vault, tenant) == 2
    new = other.seal_scope(tenant)
    assert old[1:9] != new[1:9]
    for sealed in (old, new):
        assert other.open_scope(tenant, sealed) == b"secret"
    assert _rotate(vault, tenant) == 3
    with pytest.raises(NoKey):
        _rotate(vault, new_id())


@pytest.mark.attack(8)
def test_resealing_is_resumed_where_it_was_killed(vault: Vault, things: UUID) -> None:
    _rotate(vault, things)
    assert _dependants(vault, things) == [1]
    batches = count(1)

    def stop(_name: str, _done: int) -> None:
        if next(batches) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _reseal(vault, things, batch=3, on_progress=stop)
    assert _dependants(vault, things) == [1, 2]
    assert _values(vault, things) == SECRETS
    assert _reseal(vault, things, batch=3) == 20 - 9
    assert _reseal(vault, things) == 0
    assert _dependants(vault, things) == [2]
    assert _values(vault, things) == SECRETS


@pytest.mark.attack(7)
@pytest.mark.attack(8)
def test_an_old_version_goes_when_nothing_depends_on_it(vault: Vault, things: UUID) -> None:
    keeper = vault.installation.engines.keeper
    old = vault.seal_scope(things)
    _rotate(vault, things)
    with pytest.raises(StillNeeded):
        trim_versions(
            keeper, tenant_id=things, min_available=2, dependants=_dependants(vault, things)
        )
    _reseal(vault, things)
    with pytest.raises(FloorRefused):
        trim_versions(keeper, tenant_id=things, min_available=2)
    set_floors(keeper, tenant_id=things, min_open=2, min_seal=2)
    with pytest.raises(OpenError):
        vault.open_scope(things, old)
    set_floors(keeper, tenant_id=things, min_open=1)
    assert vault.open_scope(things, old) == b"secret"
    set_floors(keeper, tenant_id=things, min_open=2)
    assert trim_versions(keeper, tenant_id=things, min_available=2) == 1
    assert _values(vault, things) == SECRETS
    with pytest.raises(OpenError):
        vault.open_scope(things, old)
    with pytest.raises(FloorRefused):
        set_floors(keeper, tenant_id=things, min_open=1)
    advance_epoch(keeper, vault.custody)
    assert _values(vault, things) == SECRETS


@pytest.mark.attack(7)
def test_which_version_seals(vault: Vault) -> None:
    tenant, keeper = vault.tenant(), vault.installation.engines.keeper
    for _ in range(3):
        _rotate(vault, tenant)
    set_floors(keeper, tenant_id=tenant, min_seal=3)
    with vault.work(tenant) as work:
        versions = [vault.ring.scope_key(work, Scope.MAILS, version=v).version for v in (3, 4)]
        assert versions == [3, 4]
        assert vault.ring.scope_key(work, Scope.MAILS).version == 4
        for version in (2, 5):
            with pytest.raises(FloorRefused):
                vault.ring.scope_key(work, Scope.MAILS, version=version)


def test_days_are_not_touched_by_a_tenants_rotation(vault: Vault) -> None:
    tenant = vault.tenant()
    day = vault.seal_day(tenant, today())
    _rotate(vault, tenant)
    assert vault.open_day(tenant, today(), day) == b"value"


@pytest.mark.attack(8)
def test_the_root_key_is_replaced_online(vault: Vault) -> None:
    settings, tenant = vault.installation.settings, vault.tenant()
    path = settings.root_key_file
    assert path is not None
    secret = vault.seal_scope(tenant)
    roots.add_root_version(path)
    custody = make_custody(settings)
    # The epoch keys, and the secret of the journal of erasures.
    assert rotate_root(custody) == 3
    assert rotate_root(custody) == 0
    assert vault.other_process().open_scope(tenant, secret) == b"secret"
    roots.drop_old_roots(path)
    process = vault.other_process()
    assert process.open_scope(tenant, secret) == b"secret"
    assert check_keys(vault.installation.engines.app, process.custody) == 1
    assert advance_epoch(vault.installation.engines.keeper, process.custody) == 2


def test_dropping_a_root_too_early_stops_the_boot(vault: Vault) -> None:
    path = vault.installation.settings.root_key_file
    assert path is not None
    roots.add_root_version(path)
    roots.drop_old_roots(path)
    with pytest.raises(KeyCheckFailed, match="version 1"):
        check_keys(vault.installation.engines.app, vault.other_process().custody)
