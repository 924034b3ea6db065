"""What tests are given is clean: as cut off from each other as with a new database each."""

import subprocess

import psycopg
import pytest
from sqlalchemy import Engine, text

from jobs.embedded.roles import libpq_url
from tests.databases import Databases
from tests.pools import POOLS
from tests.servers import Servers

STORED = (
    "INSERT INTO heartbeats (part, every, seen_at) VALUES ('left', '1 second', now())",
    "DELETE FROM key_ring_version",
    "UPDATE alembic_version SET version_num = 'another'",
    "SELECT nextval('ledger_pending_arrival_seq')",
)
CHANGED = (
    "SELECT lo_create(0)",
    "ALTER TABLE calls ADD COLUMN more text",
    "ALTER TABLE calls ALTER COLUMN version SET DEFAULT 7",
    "ALTER TABLE calls NO FORCE ROW LEVEL SECURITY",
    "CREATE TABLE left_over AS SELECT 1 AS one",
    "CREATE FUNCTION left_over() RETURNS int LANGUAGE sql RETURN 1",
    "DROP TABLE outbox_jobs CASCADE",
    "GRANT SELECT ON key_ring TO silta_relay",
    "ALTER DEFAULT PRIVILEGES FOR ROLE silta_owner GRANT SELECT ON TABLES TO silta_app",
)


def _do(servers: Servers, name: str, statement: str) -> None:
    with psycopg.connect(libpq_url(servers.admin_url(name)), autocommit=True) as connection:
        connection.execute(statement.encode())


def _number(servers: Servers, name: str) -> object:
    """What a database keeps as long as it is there."""
    query = "SELECT oid FROM pg_database WHERE datname = %s"
    with psycopg.connect(libpq_url(servers.admin_url(name))) as connection:
        return connection.execute(query, [name]).fetchone()


def _dumped(servers: Servers, name: str) -> list[str]:
    """Everything that PostgreSQL itself says of it, but for the words that no two dumps share."""
    program = servers.postgres.programs / "pg_dump"
    url = libpq_url(servers.admin_url(name))
    said = subprocess.run([program, "--dbname", url], capture_output=True, text=True, check=True)
    return [line for line in said.stdout.splitlines() if "restrict " not in line]


def test_what_was_stored_is_gone(databases: Databases, servers: Servers) -> None:
    with databases.one() as name:
        clean, number = _dumped(servers, name), _number(servers, name)
        for statement in STORED:
            _do(servers, name, statement)
        assert _dumped(servers, name) != clean
    with databases.one() as other:
        assert _number(servers, other) == number, "cleaned, not made anew"
        assert _dumped(servers, other) == clean


def test_whoever_is_left_is_sent_away(databases: Databases, servers: Servers) -> None:
    with databases.one() as name:
        left = psycopg.connect(libpq_url(servers.admin_url(name)))
        left.execute("INSERT INTO heartbeats (part, every, seen_at) VALUES ('x', '1 s', now())")
    with pytest.raises(psycopg.OperationalError):
        left.execute("SELECT 1")
    left.close()


@pytest.mark.parametrize("statement", CHANGED)
def test_what_was_changed_is_thrown_away(
    databases: Databases, servers: Servers, statement: str
) -> None:
    with databases.one() as name:
        number = _number(servers, name)
        _do(servers, name, statement)
    with databases.one() as other:
        assert _number(servers, other) != number


def test_an_engine_leads_nowhere_when_its_test_is_over(
    databases: Databases, servers: Servers
) -> None:
    with databases.one() as name:
        engine = POOLS.lend(servers.url("silta_app", name))
        backend = _ask(engine, "SELECT pg_backend_pid()")
    with pytest.raises(RuntimeError, match="is over"):
        engine.connect()
    with databases.one() as other:
        again = POOLS.lend(servers.url("silta_app", other))
        assert _ask(again, "SELECT pg_backend_pid()") == backend, "the connection was kept"


def test_a_connection_that_is_held_takes_the_database_with_it(
    databases: Databases, servers: Servers
) -> None:
    with databases.one() as name:
        number = _number(servers, name)
        held = POOLS.lend(servers.url("silta_app", name)).connect()
    with databases.one() as other:
        assert _number(servers, other) != number
    held.invalidate()
    held.close()


@pytest.mark.parametrize(
    ("changed", "question", "kept"),
    [
        ("SET ROLE silta_owner", "SELECT current_user", "postgres"),
        ("SET session_replication_role = replica", "SHOW session_replication_role", "origin"),
        ("CREATE TEMP TABLE left_over (one int)", "SELECT to_regclass('left_over')", None),
    ],
)
def test_no_session_of_the_superuser_is_as_the_last_one_left_it(
    databases: Databases, servers: Servers, changed: str, question: str, kept: str | None
) -> None:
    with databases.one() as name:
        engine = POOLS.superuser(servers.admin_url(name))
        with engine.begin() as connection:
            connection.execute(text(changed))
        assert _ask(engine, question) == kept


def test_a_lock_that_was_left_is_let_go(databases: Databases, servers: Servers) -> None:
    with databases.one() as name:
        taken = _ask(POOLS.lend(servers.url("silta_app", name)), "SELECT pg_try_advisory_lock(7)")
        assert taken is True
    with databases.one() as other:
        superuser = POOLS.superuser(servers.admin_url(other))
        assert _ask(superuser, "SELECT pg_try_advisory_lock(7)") is True


def _ask(engine: Engine, question: str) -> object:
    with engine.connect() as connection:
        return connection.execute(text(question)).scalar()
