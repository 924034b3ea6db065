"""A real Redis below one folder: no TCP, private socket, one user, gone when we are gone."""

import hashlib
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

import redis

from jobs.embedded.binaries import redis_program
from jobs.embedded.children import end_strays, last_line, spawn, stop, wait_until
from jobs.embedded.errors import StackError
from jobs.embedded.folders import (
    drop_socket_folder,
    private_folder,
    reachable_folder,
    remove,
    socket_folder,
)
from jobs.embedded.passwords import passwords_in
from jobs.embedded.servers import EmbeddedServer

APPLICATION = "silta"
OPERATOR = "operator"
_APPLICATION_RIGHTS = "~* &* +@all -@dangerous +info +client +keys"
_OPERATOR_RIGHTS = "~* &* +@all"


class EmbeddedRedis(EmbeddedServer):
    """One Redis in `folder`.

    `operator` adds a user that may do everything (flush, save, stop), for tests.
    """

    name = "Redis"

    def __init__(
        self,
        folder: Path,
        *,
        tcp_port: int | None = None,
        operator: bool = False,
        log: Path | None = None,
    ) -> None:
        super().__init__(folder, tcp_port=tcp_port, log=log)
        self._rights = {APPLICATION: _APPLICATION_RIGHTS}
        if operator:
            self._rights[OPERATOR] = _OPERATOR_RIGHTS

    def _bring_up(self) -> None:
        self._prepare()
        if not self._launch():
            self._set_data_aside()
            if not self._launch():
                raise StackError(f"Redis does not start: {last_line(self.log)} (see {self.log})")

    def _shut_down(self, child: subprocess.Popen[bytes]) -> None:
        stop(child, ask=signal.SIGTERM)
        self._socket.unlink(missing_ok=True)
        drop_socket_folder(self._socket.parent)

    @property
    def url(self) -> str:
        """URL of the application user: `unix://silta:password@/path/r.sock?db=0`."""
        return self.url_for(APPLICATION)

    @property
    def operator_url(self) -> str:
        """URL of the user that may do everything; only where `operator` was asked for."""
        return self.url_for(OPERATOR)

    def url_for(self, user: str, *, db: int = 0) -> str:
        """Return the URL of `user` for database `db`."""
        return f"unix://{user}:{self._passwords[user]}@{quote(str(self._socket))}?db={db}"

    def _prepare(self) -> None:
        self._program = redis_program(self._user)
        self._data = reachable_folder(self.folder / "data", self._user)
        private_folder(self._data, self._user)
        end_strays(self._data, ask=signal.SIGTERM)
        self._socket = (
            socket_folder(self.folder / "socket", self._user, longest_name="r.sock") / "r.sock"
        )
        self._socket.unlink(missing_ok=True)
        self._passwords = passwords_in(self.folder / "passwords.json", names=self._rights)
        self._configure()

    def _configure(self) -> None:
        """Write the configuration; the file of users holds digests, not passwords."""
        users = ["user default off nopass -@all\n"]
        for name, rights in self._rights.items():
            digest = hashlib.sha256(self._passwords[name].encode()).hexdigest()
            users.append(f"user {name} on #{digest} {rights}\n")
        lines = [
            f"port {self._tcp_port or 0}\n",
            "bind 127.0.0.1\n",
            f"unixsocket {_quoted(self._socket)}\n",
            "unixsocketperm 700\n",
            f"dir {_quoted(self._data)}\n",
            f"aclfile {_quoted(self._data / 'users.acl')}\n",
            "appendonly yes\n",
            "appendfsync everysec\n",
            "aof-load-truncated yes\n",
            'save ""\n',
            "maxmemory-policy noeviction\n",
            "daemonize no\n",
        ]
        self._write("users.acl", users)
        self._write("redis.conf", lines)

    def _write(self, name: str, lines: list[str]) -> None:
        path = self._data / name
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text("".join(lines))
        self._user.own(path)

    def _launch(self) -> bool:
        self._child = child = spawn(
            [self._program, self._data / "redis.conf"],
            log=self.log,
            death_signal=signal.SIGTERM,
            user=self._user,
            folder=self._data,
        )
        wait_until(lambda: child.poll() is not None or self._answers(), timeout=120.0)
        return child.poll() is None and self._answers()

    def _answers(self) -> bool:
        with redis.Redis.from_url(self.url, socket_timeout=2.0) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def _set_data_aside(self) -> None:
        """Begin with nothing when the file is damaged: PostgreSQL holds the truth."""
        aside = self._data.with_name("data.damaged")
        remove(aside)
        self._data.rename(aside)
        private_folder(self._data, self._user)
        self._configure()


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'
