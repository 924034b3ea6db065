"""The embedded PostgreSQL: closed to others, there again after every way of dying."""

import os
import stat
from pathlib import Path

import psutil
import psycopg
import pytest

from jobs.embedded.errors import StackError
from jobs.embedded.postgres import SUPERUSER, EmbeddedPostgres
from jobs.embedded.roles import ROLES, create_roles, libpq_url, script
from tests.embedded.programs import (
    command_lines,
    descendants,
    eventually,
    gone,
    network_sockets,
    read_until,
    start_python,
)

FAST = {"fsync": "off", "shared_buffers": "16MB"}


def server_in(folder: Path, *, tcp_port: int | None = None) -> EmbeddedPostgres:
    return EmbeddedPostgres(folder / "postgres", settings=FAST, tcp_port=tcp_port)


def ask(url: str, query: str) -> object:
    with psycopg.connect(libpq_url(url)) as connection:
        row = connection.execute(query.encode()).fetchone()
        return row[0] if row else None


def test_is_a_postgres_18_with_checksums_in_utc(folder: Path) -> None:
    with server_in(folder) as server:
        assert str(ask(server.admin_url, "SHOW server_version")).startswith("18.")
        assert ask(server.admin_url, "SHOW data_checksums") == "on"
        assert ask(server.admin_url, "SHOW server_encoding") == "UTF8"
        assert ask(server.admin_url, "SHOW timezone") == "UTC"


def test_lives_below_a_folder_with_any_name(folder: Path) -> None:
    below = folder / "a b+c%20d"
    below.mkdir(mode=0o755)
    with server_in(below) as server:
        assert ask(server.admin_url, "SELECT 1") == 1


@pytest.mark.parametrize("password", ["", "wrong", "postgres"])
def test_demands_the_password_on_its_socket(folder: Path, password: str) -> None:
    with server_in(folder) as server:
        url = libpq_url(server.url_for(SUPERUSER, password, "postgres"))
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(url)


def test_demands_scram_of_everybody(folder: Path) -> None:
    with server_in(folder) as server:
        methods = ask(
            server.admin_url,
            "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules",
        )
        assert methods == "scram-sha-256"
        hashed = ask(server.admin_url, "SELECT rolpassword FROM pg_authid WHERE rolname='postgres'")
        assert str(hashed).startswith("SCRAM-SHA-256$")


def test_listens_on_no_network(folder: Path) -> None:
    with server_in(folder) as server:
        family = [psutil.Process(server.process_id), *descendants(server.process_id)]
        assert server.alive()
        assert network_sockets(family) == []


def test_listens_on_loopback_when_asked(folder: Path) -> None:
    with server_in(folder, tcp_port=54329) as server:
        listening = psutil.Process(server.process_id).net_connections("inet")
        assert {each.laddr.ip for each in listening} == {"127.0.0.1"}
        assert ask(server.admin_url, "SELECT 1") == 1


def test_keeps_folders_and_passwords_private(folder: Path) -> None:
    with server_in(folder) as server:
        for path in (server.data, server.folder / "socket"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o700
        assert stat.S_IMODE((server.folder / "passwords.json").stat().st_mode) == 0o600
        assert stat.S_IMODE(server.log.stat().st_mode) == 0o600


def test_does_not_run_as_root(folder: Path) -> None:
    with server_in(folder) as server:
        assert psutil.Process(server.process_id).uids().effective != 0


def test_shows_no_secret_on_command_lines(folder: Path) -> None:
    with server_in(folder) as server:
        family = [psutil.Process(server.process_id), *descendants(server.process_id)]
        lines = command_lines(family)
        assert "postgres" in lines
        assert server.password_of(SUPERUSER) not in lines


def test_logs_neither_statements_nor_values(folder: Path) -> None:
    with server_in(folder) as server, psycopg.connect(libpq_url(server.admin_url)) as connection:
        connection.execute("CREATE TABLE t (a text PRIMARY KEY, n int CHECK (n > 0))")
        connection.commit()
        for query in (
            "INSERT INTO t VALUES ('canary-4711', 0)",
            "SELECT 'canary-4711'::text FROM nowhere",
            "INSERT INTO t VALUES ('canary-4711', 1), ('canary-4711', 2)",
        ):
            with pytest.raises(psycopg.Error):
                connection.execute(query.encode())
            connection.rollback()
        assert "ERROR" in server.log.read_text()
        assert "canary" not in server.log.read_text()


def test_keeps_data_and_passwords_over_a_restart(folder: Path) -> None:
    with server_in(folder) as server:
        with psycopg.connect(libpq_url(server.admin_url)) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
        url = server.admin_url
    with server_in(folder) as server:
        assert server.admin_url == url
        assert ask(server.admin_url, "SELECT n FROM kept") == 7


def test_recovers_after_a_crash(folder: Path) -> None:
    with server_in(folder) as server:
        with psycopg.connect(libpq_url(server.admin_url)) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
        server.kill()
        assert not server.alive()
        server.revive()
        assert ask(server.admin_url, "SELECT n FROM kept") == 7


@pytest.mark.slow
def test_ends_with_a_killed_parent_and_starts_again(folder: Path) -> None:
    program = start_python("-m", "tests.embedded.hold_servers", folder)
    read_until(program, "ready")
    children = descendants(program.pid)
    assert len(children) > 2
    program.kill()
    program.communicate()
    with EmbeddedPostgres(folder / "postgres") as server:  # at once: the old one may still stop
        assert gone(children) or eventually(lambda: gone(children))
        assert ask(server.admin_url, "SELECT 1") == 1


def test_sweeps_what_a_dead_server_left(folder: Path) -> None:
    with server_in(folder) as server:
        sockets = server.folder / "socket"
    sockets.mkdir()
    # Its process id belongs to somebody else by now: to us.
    (server.data / "postmaster.pid").write_text(f"{os.getppid()}\n{server.data}\n")
    (sockets / ".s.PGSQL.5432").touch()
    (sockets / ".s.PGSQL.5432.lock").write_text(f"{os.getppid()}\n")
    with server_in(folder) as server:
        assert ask(server.admin_url, "SELECT 1") == 1


def test_makes_half_written_data_anew(folder: Path) -> None:
    half = folder / "postgres" / "data.partial" / "global"
    half.mkdir(parents=True)
    (half / "pg_control").write_bytes(b"half")
    with server_in(folder) as server:
        assert ask(server.admin_url, "SELECT 1") == 1
    assert not half.exists()


def test_refuses_data_that_it_did_not_finish(folder: Path) -> None:
    with server_in(folder) as server:
        pass
    (server.data / "silta.whole").unlink()
    with pytest.raises(StackError, match="not a whole cluster: delete"):
        server_in(folder).start()


@pytest.mark.parametrize("content", [None, "{", '{"postgres": "another"}'])
def test_says_what_to_do_about_lost_passwords(folder: Path, content: str | None) -> None:
    with server_in(folder) as server:
        pass
    kept = server.folder / "passwords.json"
    kept.unlink() if content is None else kept.write_text(content)
    with pytest.raises(StackError, match=r"passwords\.json .*[Rr]estore it"):
        server_in(folder).start()


def test_belongs_to_one_process_at_a_time(folder: Path) -> None:
    with server_in(folder), pytest.raises(StackError, match=f"in use by process {os.getpid()}"):
        server_in(folder).start()


def test_finds_a_short_place_for_its_socket(folder: Path) -> None:
    deep = folder / ("long-name-" * 6) / ("longer, 'name' " * 3)
    deep.parent.mkdir()
    deep.parent.chmod(0o711)
    with server_in(deep) as server:
        assert ask(server.admin_url, "SELECT 1") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")
def test_puts_data_elsewhere_when_its_user_cannot_reach_it(folder: Path) -> None:
    closed = folder / "home"
    closed.mkdir(mode=0o700)
    for _ in range(2):
        with server_in(closed) as server:
            assert server.data.is_relative_to("/var/lib/silta")
            assert ask(server.admin_url, "SELECT 1") == 1
    assert (closed / "postgres" / "data").is_symlink()


def test_makes_roles_that_may_do_little(folder: Path) -> None:
    with server_in(folder) as server:
        passwords = {role: server.password_of(role) for role in ROLES}
        for _ in range(2):
            create_roles(server.admin_url, passwords)
        powers = ask(
            server.admin_url,
            "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'silta%' AND "
            "(rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication)",
        )
        assert powers == 0
        for role in ROLES:
            assert ask(server.url(role, "silta"), "SELECT current_user") == role
            with pytest.raises(psycopg.OperationalError, match="permission denied"):
                ask(server.url(role, "postgres"), "SELECT 1")
        assert ask(server.url("silta_owner", "silta"), "SELECT count(*) FROM pg_tables") is not None
        for role in set(ROLES) - {"silta_owner"}:
            for query in ("CREATE TABLE t (a int)", "CREATE TEMP TABLE t (a int)"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    ask(server.url(role, "silta"), query)


def test_prints_roles_as_a_script() -> None:
    text = script()
    assert all(f"CREATE ROLE {role} " in text for role in ROLES)
    assert "PASSWORD '" not in text
