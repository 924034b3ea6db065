"""What the roles may do with the key ring: tried, not read from the grants."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from privacy.core.ids import new_id
from privacy.vault.creations import bound, create_tenant_keys
from privacy.vault.custody import Custody, make_custody
from privacy.vault.errors import OpenError
from privacy.vault.foundings import found_ring
from privacy.vault.ring_rows import read_tenant
from tests.installations import Installation

TABLES = ("key_ring", "key_floors", "key_destructions")


@pytest.fixture
def custody(installation: Installation) -> Custody:
    made = make_custody(installation.settings)
    found_ring(installation.engines.keeper, made)
    return made


@pytest.fixture
def alice(installation: Installation, custody: Custody) -> UUID:
    return _tenant(installation, custody)


@pytest.fixture
def charlie(installation: Installation, custody: Custody) -> UUID:
    return _tenant(installation, custody)


def _tenant(installation: Installation, custody: Custody) -> UUID:
    tenant_id = new_id()
    create_tenant_keys(installation.engines.app, custody, tenant_id)
    keeper = installation.engines.keeper
    with keeper.begin() as connection:
        given = {"t": tenant_id}
        connection.execute(text("INSERT INTO key_floors VALUES (:t, 0, 1, 0)"), given)
        connection.execute(
            text(
                "INSERT INTO key_destructions "
                "VALUES (:t, 'x', 'day', 's', 'd', '2026-01-01', 1, now(), 'retention')"
            ),
            given,
        )
    return tenant_id


@pytest.mark.attack(34)
@pytest.mark.parametrize("table", TABLES)
def test_a_tenant_sees_its_own_keys_only(
    installation: Installation, alice: UUID, charlie: UUID, table: str
) -> None:
    with bound(installation.engines.app, alice) as connection:
        seen = connection.execute(text(f"SELECT DISTINCT tenant_id FROM {table}")).scalars().all()
    assert seen == [alice]
    assert charlie != alice


@pytest.mark.attack(38)
@pytest.mark.parametrize("table", TABLES)
def test_without_a_tenant_every_table_is_empty(
    installation: Installation, alice: UUID, table: str
) -> None:
    with installation.engines.app.begin() as connection:
        assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0
    assert installation.count(table) > 0


@pytest.mark.attack(41)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE key_ring SET wrapped = ''",
        "UPDATE key_ring SET commitment = ''",
        "UPDATE key_ring SET tenant_id = tenant_id",
        "UPDATE key_ring SET epoch = 1",
        "DELETE FROM key_ring",
        "TRUNCATE key_ring",
        "UPDATE key_floors SET min_open = 1",
        "DELETE FROM key_floors",
        "DELETE FROM key_destructions",
        "INSERT INTO key_destructions DEFAULT VALUES",
        "UPDATE key_epochs SET state = 'ended'",
        "DELETE FROM key_epochs",
        "INSERT INTO key_epochs (number, state, created_at) VALUES (9, 'ending', now())",
        "UPDATE key_ring_version SET flushed = 0",
        "DELETE FROM key_ring_version",
        "UPDATE key_check SET proof = ''",
        "SELECT key_ring_leases_grow()",
    ],
)
def test_the_application_cannot_change_keys(
    installation: Installation, alice: UUID, statement: str
) -> None:
    with _refused(installation.engines.app, alice) as connection:
        connection.execute(text(statement))


@pytest.mark.attack(1)
def test_a_counter_of_seals_cannot_go_back(installation: Installation, alice: UUID) -> None:
    with bound(installation.engines.app, alice) as connection:
        connection.execute(text("UPDATE key_ring SET seals_leased = 4096"))
    for role in (installation.engines.app, installation.engines.keeper):
        with pytest.raises(DBAPIError, match="only grows"), bound(role, alice) as connection:
            connection.execute(text("UPDATE key_ring SET seals_leased = 4095"))
    with pytest.raises(DBAPIError), bound(installation.engines.app, alice) as connection:
        connection.execute(text("UPDATE key_ring SET seals_leased = 2147483649"))


@pytest.mark.attack(40)
def test_a_key_cannot_be_put_on_another_tenants_ring(
    installation: Installation, alice: UUID, charlie: UUID
) -> None:
    with _refused(installation.engines.app, alice) as connection:
        connection.execute(
            text(
                "INSERT INTO key_ring (tenant_id, key_id, kind, service, data, version, epoch, "
                "wrapped, commitment, created_at) "
                "SELECT :charlie, key_id, kind, service, data, version, epoch, wrapped, "
                "commitment, created_at FROM key_ring"
            ),
            {"charlie": charlie},
        )


@pytest.mark.attack(2)
def test_a_key_row_moved_to_another_tenant_does_not_open(
    installation: Installation, custody: Custody, alice: UUID, charlie: UUID
) -> None:
    engine = installation.superuser()
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM key_ring WHERE tenant_id = :c"), {"c": charlie})
        connection.execute(
            text("UPDATE key_ring SET tenant_id = :c WHERE tenant_id = :a"),
            {"a": alice, "c": charlie},
        )
    with bound(installation.engines.app, charlie) as connection:
        rows = read_tenant(connection, charlie)
    assert len(rows) == 2
    for row in rows:
        with pytest.raises(OpenError):
            custody.wrapper(row.epoch).unwrap(row)


@pytest.mark.parametrize("role", ["relay", "sequencer"])
def test_other_roles_have_no_business_here(
    installation: Installation, alice: UUID, role: str
) -> None:
    for table in (*TABLES, "key_epochs", "key_check", "key_ring_version"):
        with _refused(getattr(installation.engines, role), alice) as connection:
            connection.execute(text(f"SELECT * FROM {table}"))


def test_the_keeper_sees_every_tenant(
    installation: Installation, alice: UUID, charlie: UUID
) -> None:
    with installation.engines.keeper.begin() as connection:
        tenants = set(connection.execute(text("SELECT tenant_id FROM key_ring")).scalars())
    assert {alice, charlie} < tenants


def test_no_foreign_key_points_at_the_ring(installation: Installation) -> None:
    with installation.superuser().begin() as connection:
        found = connection.execute(
            text("SELECT conname FROM pg_constraint WHERE confrelid = 'key_ring'::regclass")
        )
        assert found.all() == []


@contextmanager
def _refused(engine: Engine, tenant_id: UUID) -> Iterator[Connection]:
    with pytest.raises(ProgrammingError) as failure, bound(engine, tenant_id) as connection:
        yield connection
    assert "row-level security" in str(failure.value) or "permission denied" in str(failure.value)
