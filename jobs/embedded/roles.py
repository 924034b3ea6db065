"""The database roles, as SQL that an operator with a server of their own can read and run.

None of them is a superuser, makes roles or databases, or passes by row-level security. The
migrations give the rights on tables. `script()` is the whole of it.
"""

from collections.abc import Mapping

import psycopg
from psycopg import sql

OWNER = "silta_owner"
APP = "silta_app"
RELAY = "silta_relay"
KEEPER = "silta_keeper"
SEQUENCER = "silta_sequencer"
BACKUP = "silta_backup"
DRILL = "silta_drill"
"""Makes and drops scratch databases for drills; none of the service's processes has it."""
MOVER = "silta_mover"
"""Replicates to another server; it is made for a move and dropped after it."""
ROLES = (OWNER, APP, RELAY, KEEPER, SEQUENCER, BACKUP)
DATABASE = "silta"

_RIGHTS = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT"


def role_statement(role: str) -> str:
    """Return SQL that makes `role`; its password is set apart."""
    return f"CREATE ROLE {role} {_RIGHTS};"


def database_statements(database: str) -> list[str]:
    """Return SQL (for a superuser, in any database) that opens `database` to our roles only."""
    return [
        f"ALTER DATABASE {database} OWNER TO {OWNER};",
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC;",
        f"GRANT CONNECT ON DATABASE {database} TO {', '.join(ROLES)};",
        "REVOKE CONNECT ON DATABASE postgres FROM PUBLIC;",
        "REVOKE CONNECT ON DATABASE template1 FROM PUBLIC;",
    ]


def schema_statements() -> list[str]:
    """Return SQL (for a superuser, inside our database) that lets only the owner create in it."""
    return [
        "REVOKE ALL ON SCHEMA public FROM PUBLIC;",
        f"GRANT USAGE ON SCHEMA public TO {', '.join(ROLES)};",
        # Until PostgreSQL 16 a role that does not inherit has no right as the database's owner.
        f"GRANT CREATE ON SCHEMA public TO {OWNER};",
    ]


def script(database: str = DATABASE) -> str:
    """Return the whole set-up as a psql script for an operator with a server of their own."""
    passwords = [f"\\password {role}" for role in ROLES]
    return "\n".join(
        [
            *(role_statement(role) for role in ROLES),
            *passwords,
            f"CREATE DATABASE {database} OWNER {OWNER} ENCODING 'UTF8' TEMPLATE template0;",
            *database_statements(database),
            f"\\connect {database}",
            *schema_statements(),
            "",
        ]
    )


def create_roles(admin_url: str, passwords: Mapping[str, str], *, database: str = DATABASE) -> None:
    """Make roles and database, or bring those that are there into line, as often as you like.

    `admin_url`: a superuser's, in the form of libpq or of SQLAlchemy. `passwords`: role → password.
    """
    plain = libpq_url(admin_url)
    with psycopg.connect(plain, autocommit=True) as connection:
        for role in ROLES:
            _ensure_role(connection, role, passwords[role])
        ensure_database(connection, database)
    with psycopg.connect(plain, dbname=database, autocommit=True) as connection:
        _run(connection, schema_statements())


def create_drill_role(admin_url: str, password: str) -> None:
    """Make the role of drills, which may make databases and reach `postgres` to do so."""
    with psycopg.connect(libpq_url(admin_url), autocommit=True) as connection:
        _ensure_role(connection, DRILL, password)
        _run(connection, drill_statements())


def drill_statements() -> list[str]:
    """Return SQL that lets the role of drills, once it exists, make scratch databases."""
    return [f"ALTER ROLE {DRILL} CREATEDB;", f"GRANT CONNECT ON DATABASE postgres TO {DRILL};"]


def create_mover_role(admin_url: str, password: str, *, database: str = DATABASE) -> None:
    """Make the role of moves."""
    with psycopg.connect(libpq_url(admin_url), autocommit=True) as connection:
        _ensure_role(connection, MOVER, password)
        _run(connection, mover_statements(database))


def mover_statements(database: str = DATABASE) -> list[str]:
    """Return SQL that lets the role of moves, once it exists, replicate `database`."""
    return [
        f"ALTER ROLE {MOVER} REPLICATION BYPASSRLS INHERIT;",
        f"GRANT pg_monitor, pg_read_all_data, pg_write_all_data, pg_signal_backend, "
        f"pg_create_subscription TO {MOVER} WITH INHERIT TRUE;",
        f"GRANT CONNECT, CREATE ON DATABASE {database} TO {MOVER};",
    ]


def mover_script(database: str = DATABASE) -> str:
    """Return the role of moves as a psql script, for both servers of a move."""
    lines = [role_statement(MOVER), f"\\password {MOVER}", *mover_statements(database), ""]
    return "\n".join(lines)


def ensure_database(
    connection: psycopg.Connection[tuple[object, ...]],
    database: str,
    *,
    template: str = "template0",
) -> None:
    """Make `database` from `template` if it is not there, and open it to our roles only.

    Rights on a database are not copied from its template, so they are given each time.
    """
    found = connection.execute(
        "SELECT 1 FROM pg_database WHERE datname = %s", [database]
    ).fetchone()
    if found is None:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                sql.Identifier(database), sql.Identifier(OWNER), sql.Identifier(template)
            )
        )
    _run(connection, database_statements(database))


def libpq_url(url: str) -> str:
    """Return a URL as libpq reads it: without the name of SQLAlchemy's driver."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _ensure_role(
    connection: psycopg.Connection[tuple[object, ...]], role: str, password: str
) -> None:
    """Make or correct one role. The password is hashed here, so that the server never reads it."""
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    if found is None:
        _run(connection, [role_statement(role)])
    hashed = connection.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    ).decode()
    connection.execute(
        sql.SQL("ALTER ROLE {} " + _RIGHTS + " PASSWORD {}").format(
            sql.Identifier(role), sql.Literal(hashed)
        )
    )


def _run(connection: psycopg.Connection[tuple[object, ...]], statements: list[str]) -> None:
    for statement in statements:
        connection.execute(statement.encode())
