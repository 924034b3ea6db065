"""Every table of the catalogue, from the other side of the wall."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from privacy.core.db.work import SYSTEM, lookup, unit_of_work
from tests.isolation.walls.filled import ALICE, CHARLIE, DENIED, Filled, bind, refusal_of

SEES_ALL = {
    "relay": {"outbox_jobs"},
    "keeper": {"key_ring", "key_floors", "key_destructions", "ledger_events"},
    "sequencer": {"ledger_events", "ledger_pending", "ledger_links", "ledger_heads"},
    "owner": set(),
    "app": set(),
}
"""What a role works with over all tenants, by its own policy and grants."""


def test_there_is_something_to_see(filled: Filled) -> None:
    assert len(filled.tables) > 25
    empty = [t for t in filled.tables for who in (ALICE, CHARLIE) if filled.count(t, who) < 1]
    assert empty == []


@pytest.mark.attack(35)
@pytest.mark.parametrize("role", SEES_ALL)
def test_with_no_tenant_bound_a_role_sees_its_own_work_only(filled: Filled, role: str) -> None:
    seen = set()
    for table in filled.tables:
        with filled.engine(role).connect() as connection:
            if _visible(connection, table):
                seen.add(table)
    assert seen == SEES_ALL[role]


def _visible(connection: Connection, table: str) -> bool:
    """By the one column that every role may name where it may see anything."""
    asked = f"SELECT tenant_id FROM {table}"
    refused = refusal_of(connection, asked)
    if refused:
        assert refused == DENIED, table
        return False
    return connection.execute(text(asked)).first() is not None


@pytest.mark.attack(34)
def test_charlie_sees_his_own_rows_only(filled: Filled) -> None:
    with filled.bound(CHARLIE) as connection:
        for table in filled.tables:
            found = set(connection.execute(text(f"SELECT tenant_id FROM {table}")).scalars())
            assert found == {CHARLIE}, table


@pytest.mark.attack(34)
def test_asking_for_alices_rows_by_name_finds_none(filled: Filled) -> None:
    with filled.bound(CHARLIE) as connection:
        for table in filled.tables:
            asked = text(f"SELECT count(*) FROM {table} WHERE tenant_id = :alice")
            assert connection.execute(asked, {"alice": ALICE}).scalar_one() == 0, table


@pytest.mark.attack(40)
@pytest.mark.parametrize("role", ["app", "owner"])
def test_no_row_is_moved_to_another_tenant(filled: Filled, role: str) -> None:
    moved = [
        table
        for table in filled.tables
        if not _refused(
            filled, role, f"UPDATE {table} SET tenant_id = '{ALICE}' WHERE tenant_id = '{CHARLIE}'"
        )
    ]
    assert moved == []


@pytest.mark.attack(40)
@pytest.mark.parametrize("role", ["app", "owner"])
def test_no_row_is_written_into_another_tenant(filled: Filled, role: str) -> None:
    """Alice's own row, sent once more from Charlie's side: the wall answers before any key."""
    for table in filled.tables:
        with filled.superuser() as connection:
            columns = _writable(connection, table)
            values = connection.execute(
                text(f"SELECT {', '.join(columns)} FROM {table} WHERE tenant_id = '{ALICE}'")
            ).first()
        assert values is not None
        named = ", ".join(f":{column}" for column in columns)
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({named})"
        given = {name: _plain(value) for name, value in zip(columns, values, strict=True)}
        with filled.bound(CHARLIE, role=role) as connection:
            assert refusal_of(connection, statement, **given) == DENIED, table


def _plain(value: object) -> object:
    return "{}" if isinstance(value, dict) else value


def _writable(connection: Connection, table: str) -> list[str]:
    return list(
        connection.execute(
            text(
                "SELECT attname FROM pg_attribute WHERE attrelid = CAST(:table AS regclass) "
                "AND attnum > 0 AND NOT attisdropped AND attidentity = '' AND attgenerated = ''"
            ),
            {"table": table},
        ).scalars()
    )


@pytest.mark.attack(40)
def test_alices_rows_are_neither_changed_nor_deleted(filled: Filled) -> None:
    for table in filled.tables:
        for act in ("UPDATE {} SET tenant_id = tenant_id WHERE tenant_id = '{}'",
                    "DELETE FROM {} WHERE tenant_id = '{}'"):  # fmt: skip
            assert _touched(filled, act.format(table, ALICE)) == 0, table


def _touched(filled: Filled, statement: str) -> int:
    with filled.bound(CHARLIE) as connection:
        refused = refusal_of(connection, statement)
    if refused:
        assert refused == DENIED, statement
        return 0
    with filled.bound(CHARLIE) as connection:
        return connection.execute(text(statement)).rowcount


def _refused(filled: Filled, role: str, statement: str) -> bool:
    with filled.bound(CHARLIE, role=role) as connection:
        return refusal_of(connection, statement) == DENIED


@pytest.fixture(scope="module")
def partitions(filled: Filled) -> list[str]:
    with filled.superuser() as connection:
        found = connection.execute(text("SELECT relname FROM pg_class WHERE relispartition "
                                        "AND relkind = 'r' ORDER BY relname"))  # fmt: skip
        return list(found.scalars())


@pytest.mark.attack(36)
@pytest.mark.parametrize("role", ["app", "relay", "keeper", "sequencer"])
def test_no_partition_is_read_directly(filled: Filled, partitions: list[str], role: str) -> None:
    """Not even one's own rows: the parent is the only way in."""
    assert len(partitions) > 30
    with filled.engine(role).connect() as connection:
        for partition in partitions:
            bind(connection, CHARLIE)
            assert refusal_of(connection, f"SELECT 1 FROM {partition}") == DENIED
            connection.rollback()


@pytest.mark.attack(36)
def test_the_owner_sees_nothing_in_a_partition_either(
    filled: Filled, partitions: list[str]
) -> None:
    with filled.engine("owner").connect() as connection:
        for partition in partitions:
            counted = connection.execute(text(f"SELECT count(*) FROM {partition}"))
            assert counted.scalar_one() == 0, partition


@pytest.fixture
def lone(filled: Filled) -> Iterator[Engine]:
    """One connection in the pool, so that the next user surely gets the last one's."""
    url = filled.installation.settings.database_url.get_secret_value()
    engine = create_engine(url, pool_size=1, max_overflow=0)
    yield engine
    engine.dispose()


class _Over(Exception):
    """The unit of work ends here."""


@pytest.mark.attack(38)
@pytest.mark.parametrize("end", ["well", "with an error", "in a failed transaction"])
def test_a_connection_that_comes_back_carries_no_tenant(
    filled: Filled, lone: Engine, end: str
) -> None:
    with suppress(_Over):
        _use(lone, filled.tables[0], end)
    with lone.connect() as connection:
        bound = connection.execute(text("SELECT current_setting('app.tenant_id', true)"))
        assert bound.scalar_one() in (None, "")
        for table in filled.tables:
            assert connection.execute(text(f"SELECT 1 FROM {table}")).first() is None, table


def _use(engine: Engine, table: str, end: str) -> None:
    with unit_of_work(engine, tenant_id=ALICE, actor=SYSTEM) as work:
        assert work.connection.execute(text(f"SELECT 1 FROM {table}")).first() is not None
        if end == "in a failed transaction":
            refusal_of(work.connection, "SELECT 1/0")
        if end != "well":
            raise _Over


_DIRECTORIES = text("SELECT tablename FROM pg_policies WHERE policyname = 'lookup'")


@pytest.mark.attack(38)
def test_a_lookup_leaves_nothing_behind(filled: Filled, lone: Engine) -> None:
    with filled.superuser() as connection:
        directories = set(connection.execute(_DIRECTORIES).scalars())
    with lookup(lone, digest=bytes.fromhex("ab" * 32)) as session:
        seen = session.execute(text("SELECT DISTINCT tenant_id FROM api_key_directory")).all()
        assert seen, "the directory answers who knows a digest"
        for table in filled.tables:
            if table not in directories:
                assert session.execute(text(f"SELECT 1 FROM {table}")).first() is None, table
    with lone.connect() as connection:
        for table in filled.tables:
            assert connection.execute(text(f"SELECT 1 FROM {table}")).first() is None, table


@pytest.mark.attack(38)
@pytest.mark.parametrize("value", ["", "not-a-tenant", "00000000"])
def test_a_setting_that_is_no_tenant_shows_nothing(filled: Filled, value: str) -> None:
    with filled.engine("app").connect() as connection:
        for table in filled.tables:
            connection.execute(
                text("SELECT set_config('app.tenant_id', :value, true)"), {"value": value}
            )
            refused = refusal_of(connection, f"SELECT 1 FROM {table}")
            assert refused == ("22P02" if value else ""), table
            if not refused:
                assert connection.execute(text(f"SELECT 1 FROM {table}")).first() is None, table
            connection.rollback()


@pytest.mark.attack(35)
@pytest.mark.parametrize("role", ["app", "owner"])
def test_switching_row_security_off_ends_in_a_refusal(filled: Filled, role: str) -> None:
    """PostgreSQL refuses what it would have to filter; it does not show more."""
    for table in filled.tables:
        with filled.bound(CHARLIE, role=role) as connection:
            connection.execute(text("SET LOCAL row_security = off"))
            assert refusal_of(connection, f"SELECT 1 FROM {table}") == DENIED, table
