"""What errors, statistics and plans could tell of rows behind the wall."""

import re
import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from tests.isolation.walls.filled import ALICE, CHARLIE, DENIED, Filled, bind, refusal_of
from tests.rows import RowMaker

_KEYS = text(
    "SELECT c.conrelid::regclass::text FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid "
    "WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace AND NOT r.relispartition "
    # Others name what is their own tenant's by the tenant in the key, and by no id.
    "AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.conrelid "
    "AND a.attname <> 'tenant_id' "
    "AND a.attnum = ANY (c.conkey) AND a.atttypid IN ('uuid'::regtype, 'bytea'::regtype)) "
    "GROUP BY 1 ORDER BY 1"
)
_LATER = uuid.UUID("0198c0de-0000-7000-8000-00000000fee1")
_NOBODY = uuid.UUID("0198c0de-0000-7000-8000-00000000dead")


@pytest.mark.attack(39)
def test_alices_keys_are_free_in_another_tenant(filled: Filled) -> None:
    """Every value of her rows, ids and digests included, fits into a tenant of its own: no
    unique key spans tenants, so no conflict can tell that she has a row."""
    with filled.superuser() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table in filled.tables:
            columns = _columns(connection, table)
            values = ", ".join(f"'{_LATER}'" if c == "tenant_id" else c for c in columns)
            connection.execute(
                text(
                    f"INSERT INTO {table} ({', '.join(columns)}) "
                    f"SELECT {values} FROM {table} WHERE tenant_id = '{ALICE}'"
                )
            )
            found = text(f"SELECT count(*) FROM {table} WHERE tenant_id = '{_LATER}'")
            assert connection.execute(found).scalar_one() >= 1, table


def _columns(connection: Connection, table: str) -> list[str]:
    return list(
        connection.execute(
            text(
                "SELECT quote_ident(attname) FROM pg_attribute "
                "WHERE attrelid = CAST(:table AS regclass) AND attnum > 0 AND NOT attisdropped "
                "AND attidentity = '' AND attgenerated = ''"
            ),
            {"table": table},
        ).scalars()
    )


@pytest.mark.attack(39)
def test_a_reference_to_alices_row_fails_as_one_to_nothing(filled: Filled) -> None:
    with filled.superuser() as connection:
        tables = list(connection.execute(_KEYS).scalars())
    assert len(tables) > 5
    for table in tables:
        told = {_told(filled, table, target) for target in (ALICE, _NOBODY)}
        assert len(told) == 1, (table, told)
        assert told.pop().startswith(("23503", "42501")), table


def _told(filled: Filled, table: str, target: uuid.UUID) -> str:
    """The error of a new row of Charlie's whose ids are all `target`, its values masked."""
    with filled.bound(CHARLIE) as connection:
        if _may_delete(connection, table):
            connection.execute(text(f"DELETE FROM {table}"))
        try:
            RowMaker(connection, CHARLIE, ids=target).insert(table)
        except DBAPIError as error:
            told = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<id>", str(error.orig))
            return f"{getattr(error.orig, 'sqlstate', '')} {told}"
    return f"{table} takes a row that refers to nothing of its tenant"


def _may_delete(connection: Connection, table: str) -> bool:
    asked = text("SELECT has_table_privilege(current_user, :table, 'DELETE')")
    return bool(connection.execute(asked, {"table": table}).scalar_one())


@pytest.mark.attack(42)
@pytest.mark.parametrize("role", ["app", "relay", "keeper", "sequencer"])
def test_statistics_show_no_values(filled: Filled, role: str) -> None:
    """The tables were analysed: their most common values are known to the server."""
    with filled.superuser() as connection:
        known = connection.execute(
            text("SELECT count(*) FROM pg_stats WHERE schemaname = 'public'")
        ).scalar_one()
        assert known > 50
    with filled.bound(CHARLIE, role=role) as connection:
        shown = connection.execute(
            text("SELECT DISTINCT tablename FROM pg_stats WHERE tablename = ANY (:tables)"),
            {"tables": filled.tables},
        )
        assert list(shown.scalars()) == []
        with pytest.raises(DBAPIError, match="permission denied"):
            connection.execute(text("SELECT 1 FROM pg_statistic"))


@pytest.mark.attack(42)
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE FUNCTION peek(bytea) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS "
        "$$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$",
        "CREATE OPERATOR <<< (LEFTARG = bytea, RIGHTARG = bytea, FUNCTION = byteaeq)",
        "CREATE TEMP TABLE seen AS SELECT * FROM calls",
        "CREATE VIEW seen AS SELECT * FROM calls",
        "CREATE SCHEMA mine",
        "CREATE EXTENSION pg_stat_statements",
        "ALTER TABLE calls DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE calls NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY tenant ON calls",
        "SET session_replication_role = replica",
        "SET ROLE silta_owner",
        "SET SESSION AUTHORIZATION postgres",
        "COPY calls TO PROGRAM 'cat'",
        "COPY calls FROM STDIN",
        "SELECT pg_read_file('PG_VERSION')",
        "SELECT lo_import('/etc/passwd')",
        "TRUNCATE calls",
        "COMMENT ON TABLE calls IS 'mine'",
    ],
)
@pytest.mark.attack(41)
def test_no_role_gets_itself_a_ladder(filled: Filled, statement: str) -> None:
    for role in ("app", "relay", "keeper", "sequencer"):
        with filled.engine(role).connect() as connection:
            bind(connection, CHARLIE)
            # Not allowed, not possible here, or not for a parameter like this.
            assert refusal_of(connection, statement) in (DENIED, "0A000", "22023"), role


@pytest.mark.attack(42)
def test_a_condition_is_not_tried_on_rows_behind_the_wall(filled: Filled) -> None:
    """A cast that fails on any row it meets: with none of his own, Charlie hears nothing."""
    for table, column in _bytes(filled):
        with filled.bound(_LATER) as connection:
            tried = text(
                f"SELECT count(*) FROM {table} WHERE CAST(encode({column}, 'hex') AS bigint) > 0"
            )
            assert connection.execute(tried).scalar_one() == 0, table
        with filled.bound(ALICE) as connection, pytest.raises(DBAPIError):
            connection.execute(tried)


def _bytes(filled: Filled) -> Iterator[tuple[str, str]]:
    """A column of bytes of each table that has one which the application may read."""
    with filled.superuser() as connection:
        found = connection.execute(
            text(
                "SELECT DISTINCT ON (c.relname) c.relname, a.attname FROM pg_attribute a "
                "JOIN pg_class c ON c.oid = a.attrelid WHERE a.atttypid = 'bytea'::regtype "
                "AND c.relname = ANY (:tables) AND a.attnotnull ORDER BY 1, 2"
            ),
            {"tables": filled.tables},
        ).all()
    assert len(found) > 10
    yield from ((str(row[0]), str(row[1])) for row in found)


@pytest.mark.attack(42)
def test_a_plan_names_no_value_and_no_row_of_others(filled: Filled) -> None:
    """With EXPLAIN ANALYZE, which no route offers: still nothing but one's own rows counts."""
    with filled.bound(_LATER) as connection:
        for table in filled.tables:
            plan = "\n".join(
                connection.execute(
                    text(f"EXPLAIN (ANALYZE, VERBOSE, TIMING OFF) SELECT tenant_id FROM {table}")
                ).scalars()
            )
            assert str(ALICE) not in plan
            assert str(CHARLIE) not in plan
            assert "rows=0" in plan or "rows=0.00" in plan, table
