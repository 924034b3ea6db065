"""What is destroyed opens nowhere: not in a process, not in a copy, not in escrow."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.errors import Conflict, SiltaError
from privacy.vault.custody import make_custody
from privacy.vault.destructions import Reason, count_days, destroy_days, destroy_tenant
from privacy.vault.epochs import advance_epoch
from privacy.vault.errors import DayEnded, KeyPortFailed, NoKey, OpenError
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Index
from privacy.vault.wrapping import KeyKind, KeyName, KeyRow, Wrapper
from tests.database.vault.conftest import DATA, SERVICE, Pass, Vault, today


def _destroy(vault: Vault, age: int, **given: object) -> int:
    with vault.installation.engines.keeper.begin() as connection:
        return destroy_days(
            connection,
            service=SERVICE,
            data=DATA,
            through=today(age),
            **given,  # type: ignore[arg-type]
        )


def test_days_up_to_one_go_and_later_ones_stay(vault: Vault) -> None:
    tenants = [vault.tenant(), vault.tenant()]
    sealed = {(t, age): vault.seal_day(t, today(age)) for t in tenants for age in (0, 5, 6)}
    with vault.installation.engines.keeper.begin() as connection:
        found = count_days(connection, service=SERVICE, data=DATA, through=today(5))
    assert found == _destroy(vault, 5) == 4
    for (tenant, age), blob in sealed.items():
        assert vault.open_day(tenant, today(age), blob) == (b"value" if age == 0 else None)
    assert vault.scalar("SELECT count(*) FROM key_destructions WHERE reason = 'retention'") == 4
    assert _destroy(vault, 5) == 0


def test_one_tenant_one_service_one_kind(vault: Vault) -> None:
    alice, charlie = vault.tenant(), vault.tenant()
    for tenant in (alice, charlie):
        vault.seal_day(tenant, today(3))
    assert _destroy(vault, 1, tenant_id=alice, reason=Reason.ERASURE) == 1
    with vault.installation.engines.keeper.begin() as connection:
        for service, data in ((SERVICE, "sessions"), ("other", DATA)):
            assert not destroy_days(connection, service=service, data=data, through=today(1))
    assert vault.seal_day(charlie, today(3))


@pytest.mark.attack(68)
def test_a_day_that_has_not_ended_is_not_destroyed(vault: Vault) -> None:
    vault.seal_day(vault.tenant(), today())
    for age in (0, -1):
        with pytest.raises(Conflict):
            _destroy(vault, age)
    assert vault.scalar("SELECT count(*) FROM key_ring WHERE kind = 'day'") == 1


def test_a_destroyed_day_is_never_made_again(vault: Vault) -> None:
    tenant = vault.tenant()
    vault.seal_day(tenant, today(2))
    _destroy(vault, 2)
    for process in (vault, vault.other_process()):
        with pytest.raises(DayEnded):
            process.seal_day(tenant, today(2))
    assert vault.seal_day(tenant, today(1))


@pytest.mark.attack(10)
def test_running_processes_stop_with_their_next_transaction(vault: Vault) -> None:
    tenant, other = vault.tenant(), vault.other_process()
    sealed = vault.seal_day(tenant, today(2))
    assert other.open_day(tenant, today(2), sealed) == b"value"
    _destroy(vault, 2)
    assert other.open_day(tenant, today(2), sealed) is None
    assert len(other.custody._wrappers) == 0


@pytest.mark.attack(10)
def test_a_transaction_that_began_before_stops_at_its_next_lease(vault: Vault) -> None:
    tenant = vault.tenant()
    vault.seal_day(tenant, today(2))
    with vault.work(tenant) as work:
        key = vault.ring.day_key(work, service=SERVICE, data=DATA, day=today(2))
        _destroy(vault, 2)
        with pytest.raises(DayEnded):
            key.use(10**6)


def test_a_closed_tenant_opens_nothing(vault: Vault) -> None:
    alice, charlie = vault.tenant(), vault.tenant()
    day, secret = vault.seal_day(alice, today()), vault.seal_scope(alice)
    kept = vault.seal_scope(charlie)
    with vault.installation.engines.keeper.begin() as connection:
        assert destroy_tenant(connection, tenant_id=alice) == 3
        with pytest.raises(Conflict):
            destroy_tenant(connection, tenant_id=INSTALLATION_ID)
    assert vault.open_day(alice, today(), day) is None
    with pytest.raises(NoKey):
        vault.open_scope(alice, secret)
    assert vault.open_scope(charlie, kept) == b"secret"


@contextmanager
def _copy_of_everything(vault: Vault, tmp_path: Path) -> Iterator[str]:
    """A copy of the whole database, as a replica, base backup or archive would hold."""
    servers, installation = vault.installation.servers, vault.installation
    servers.send_away(installation.database)
    name = servers.create_database(installation.database)
    yield name
    servers.drop_database(name)


@pytest.mark.attack(9)
@pytest.mark.attack(11)
def test_an_old_copy_of_the_database_opens_nothing_with_all_that_remains(
    vault: Vault, tmp_path: Path
) -> None:
    tenant = vault.tenant()
    sealed, kept = vault.seal_day(tenant, today(2)), vault.seal_day(tenant, today(1))
    with vault.work(tenant) as work:
        key = vault.ring.day_key(work, service=SERVICE, data=DATA, day=today(2))
        token = key.index(Index.NUMBER).token(b"+12025550101")
    with _copy_of_everything(vault, tmp_path) as copy:
        rows = _rows_of(vault, copy)
        assert len(rows) == 6
        assert _opened(vault, rows) == 6
        _destroy(vault, 2)
        assert _opened(vault, rows) == 6  # the epoch still stands: hence the second step
        advance_epoch(vault.installation.engines.keeper, vault.custody)
        assert _opened(vault, rows) == 0
        assert _opened(vault, _rows_of(vault, vault.installation.database)) == 5
    assert vault.open_day(tenant, today(1), kept) == b"value"
    assert vault.open_day(tenant, today(2), sealed) is None
    assert token not in _all_tokens(vault)


@pytest.mark.attack(9)
def test_copies_of_database_and_escrow_bundle_open_nothing(vault: Vault, tmp_path: Path) -> None:
    tenant = vault.tenant()
    vault.seal_day(tenant, today(2))
    settings = vault.installation.settings
    shutil.copytree(settings.escrow_bundle_folder, tmp_path / "stolen")
    _destroy(vault, 2)
    advance_epoch(vault.installation.engines.keeper, vault.custody)
    shutil.copytree(tmp_path / "stolen", settings.escrow_bundle_folder, dirs_exist_ok=True)
    escrow = make_custody(settings).escrow
    assert escrow.has_ring(1)
    for key in _epoch_keys(vault):
        with pytest.raises(SiltaError):
            escrow.read_bundle(1, key)
        with pytest.raises(SiltaError):
            escrow.read_additions(1, key)


@pytest.mark.attack(15)
def test_no_key_is_in_the_database_or_escrow_in_the_clear(vault: Vault) -> None:
    tenant = vault.tenant()
    vault.seal_day(tenant, today())
    rows = _rows_of(vault, vault.installation.database)
    keys = [vault.custody.wrapper(row.epoch).unwrap(row) for row in rows] + _epoch_keys(vault)
    engine, columns = vault.installation.superuser(), ""
    with engine.begin() as connection:
        for table in ("key_ring", "key_epochs", "key_check", "key_destructions", "key_floors"):
            found = connection.execute(text(f"SELECT t::text FROM {table} t")).scalars()
            columns += "".join(found)
    settings = vault.installation.settings
    folders = (settings.escrow_bundle_folder, settings.escrow_epoch_folder, settings.keys_folder)
    files = [p.read_bytes() for folder in folders for p in folder.rglob("*") if p.is_file()]
    assert len(files) >= 3
    for key in keys:
        assert key.hex() not in columns
        assert not any(key in content or key.hex().encode() in content for content in files)


@pytest.mark.attack(68)
def test_retention_day_by_day(vault: Vault, days_pass: Pass) -> None:
    tenant = vault.tenant()
    first = vault.seal_day(tenant, today())
    born = today()
    days_pass(29)
    assert _destroy(vault, 30) == 0
    assert vault.open_day(tenant, born, first) == b"value"
    days_pass(30)
    assert vault.open_day(tenant, born, first) is None  # before the sweep, too
    assert _destroy(vault, 30) == 1
    advance_epoch(vault.installation.engines.keeper, vault.custody)
    with pytest.raises(DayEnded):
        vault.seal_day(tenant, born)


def _rows_of(vault: Vault, database: str) -> list[KeyRow]:
    servers = vault.installation.servers
    installation = type(vault.installation)(
        vault.installation.settings,
        vault.installation.engines,
        servers,
        database,
        vault.installation.folder,
    )
    with installation.superuser().begin() as connection:
        found = connection.execute(
            text(
                "SELECT tenant_id, key_id, kind, service, data, day, version, epoch, wrapped, "
                "commitment, seals_leased, created_at FROM key_ring"
            )
        )
        return [KeyRow(*row) for row in found]


def _opened(vault: Vault, rows: list[KeyRow]) -> int:
    """How many rows open with any epoch key that exists anywhere."""
    keys, opened = _epoch_keys(vault), 0
    for row in rows:
        name = KeyName(row.tenant_id, KeyKind(row.kind), row.service, row.data, row.day, 1)
        assert name == row.name
        for key in keys:
            try:
                opened += bool(Wrapper(row.epoch, key).unwrap(row))
                break
            except OpenError:
                continue
    return opened


def _epoch_keys(vault: Vault) -> list[bytes]:
    custody, keys = make_custody(vault.installation.settings), []
    for place in (custody.port, custody.escrow.epochs):
        for number in range(10):
            try:
                keys.append(place.read_epoch(number))
            except (NoKey, KeyPortFailed):
                continue
    return keys


def _all_tokens(vault: Vault) -> set[int]:
    ring, tokens = Keyring(vault.installation.engines.app, vault.custody), set[int]()
    tenants = vault.scalar("SELECT array_agg(DISTINCT tenant_id) FROM key_ring")
    assert isinstance(tenants, list)
    for tenant in tenants:
        with vault.work(tenant) as work:
            keys = ring.day_keys(work, service=SERVICE, data=DATA, first=today(29), last=today())
            tokens |= {key.index(Index.NUMBER).token(b"+12025550101") for key in keys.values()}
    assert tokens
    return tokens
