"""What tests are given is clean: as cut off from each other as with a new database each."""

import subprocess

import psycopg
import pytest

from jobs.embedded.roles import libpq_url
from tests.databases import Databases
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
    """What a database keeps when it is renamed."""
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
        assert other != name, "whatever a test left running does not find it again"
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
