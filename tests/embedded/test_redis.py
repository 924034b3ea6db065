"""The embedded Redis: one user, one socket, and never in the way of a start."""

import stat
from pathlib import Path

import psutil
import pytest
import redis

from jobs.embedded.errors import StackError
from jobs.embedded.redis import EmbeddedRedis


def server_in(folder: Path, *, operator: bool = False) -> EmbeddedRedis:
    return EmbeddedRedis(folder / "redis", operator=operator)


def client_of(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, decode_responses=True)


def test_answers_its_application_only(folder: Path) -> None:
    with server_in(folder) as server:
        place = server.url.split("@")[1]
        with client_of(server.url) as client:
            assert client.ping()
        for login in ("", "silta:wrong@", "default:@", "operator:@"):
            with client_of(f"unix://{login}{place}") as client, pytest.raises(redis.RedisError):
                client.ping()


@pytest.mark.parametrize("command", ["FLUSHALL", "CONFIG GET *", "SHUTDOWN", "ACL LIST", "SAVE"])
def test_refuses_the_application_what_is_dangerous(folder: Path, command: str) -> None:
    with (
        server_in(folder) as server,
        client_of(server.url) as client,
        pytest.raises(redis.exceptions.NoPermissionError),
    ):
        client.execute_command(*command.split())


def test_lets_an_operator_flush(folder: Path) -> None:
    with server_in(folder, operator=True) as server, client_of(server.operator_url) as client:
        assert client.flushall()


def test_listens_on_no_network_and_not_as_root(folder: Path) -> None:
    with server_in(folder) as server:
        process = psutil.Process(server.process_id)
        assert process.net_connections("inet") == []
        assert process.uids().effective != 0


def test_keeps_passwords_private_and_hashed(folder: Path) -> None:
    with server_in(folder) as server:
        password = server.url.split(":")[2].split("@")[0]
        kept = server.folder / "passwords.json"
        assert password in kept.read_text()
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        for path in server.data.iterdir():
            assert password.encode() not in path.read_bytes()
            assert stat.S_IMODE(path.stat().st_mode) & 0o177 == 0 or path.suffix == ".aof"
        assert stat.S_IMODE(server.data.stat().st_mode) == 0o700


def test_keeps_jobs_over_stop_and_crash(folder: Path) -> None:
    with server_in(folder) as server, client_of(server.url) as client:
        client.set("bell", "1")
    with server_in(folder) as server:
        with client_of(server.url) as client:
            assert client.get("bell") == "1"
        server.kill()
        server.revive()
        with client_of(server.url) as client:
            assert client.ping()


def test_reads_past_a_truncated_tail(folder: Path) -> None:
    with server_in(folder) as server, client_of(server.url) as client:
        client.set("first", "1")
        client.set("second", "2" * 50)
    log = next(server.data.rglob("*.aof"))
    log.write_bytes(log.read_bytes()[:-20])
    with server_in(folder) as server, client_of(server.url) as client:
        assert client.get("first") == "1"
        assert client.get("second") is None


def test_begins_empty_when_its_data_is_damaged(folder: Path) -> None:
    with server_in(folder) as server, client_of(server.url) as client:
        client.set("first", "1")
    log = next(server.data.rglob("*.aof"))
    log.write_bytes(b"*3\r\nnonsense\r\n" * 3)
    with server_in(folder) as server, client_of(server.url) as client:
        assert client.get("first") is None
    assert (server.folder / "data.damaged").is_dir()


def test_belongs_to_one_process_at_a_time(folder: Path) -> None:
    with server_in(folder), pytest.raises(StackError, match="in use by process"):
        server_in(folder).start()
