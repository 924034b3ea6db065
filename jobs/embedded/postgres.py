"""A real PostgreSQL 18 below one folder: scram, a private socket, gone when we are gone."""

import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import psycopg
from sqlalchemy import URL

from jobs.embedded.binaries import postgres_programs
from jobs.embedded.children import end_strays, last_line, spawn, stop, wait_until
from jobs.embedded.clusters import WHOLE, create_cluster
from jobs.embedded.errors import StackError
from jobs.embedded.folders import drop_socket_folder, reachable_folder, socket_folder
from jobs.embedded.passwords import passwords_in
from jobs.embedded.servers import EmbeddedServer

SUPERUSER = "postgres"
PORT = 5432
"""Part of the socket's name; nothing listens on TCP unless asked."""

_SETTINGS = {
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "max_connections": "100",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
    # Errors quote rows and statements; neither belongs in a log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


class EmbeddedPostgres(EmbeddedServer):
    """One PostgreSQL cluster in `folder`.

    `settings` are PostgreSQL's own (`{"fsync": "off"}`); `tcp_port`: listen on 127.0.0.1 too.
    """

    name = "PostgreSQL"

    def __init__(
        self,
        folder: Path,
        *,
        settings: Mapping[str, str] | None = None,
        tcp_port: int | None = None,
        log: Path | None = None,
    ) -> None:
        super().__init__(folder, tcp_port=tcp_port, log=log)
        self._settings = dict(settings or {})

    def _bring_up(self) -> None:
        """Make the cluster if need be; recovery after a killed run is PostgreSQL's own."""
        self._prepare()
        self._launch()

    def _shut_down(self, child: subprocess.Popen[bytes]) -> None:
        stop(child, ask=signal.SIGINT, patience=60.0)
        drop_socket_folder(self._sockets)

    @property
    def programs(self) -> Path:
        """The folder with pg_dump, psql and the others of the server's own version."""
        return self._programs

    @property
    def admin_url(self) -> str:
        """URL of the superuser; for roles and databases only, never at run time."""
        return self.url_for(SUPERUSER, self._superuser_password, "postgres")

    def password_of(self, role: str) -> str:
        """Return the password of `role`, random, made when first asked for and kept."""
        return passwords_in(self._password_file, names=[role])[role]

    def url(self, role: str, database: str) -> str:
        """Return the URL of `role` for `database`, with the kept password."""
        return self.url_for(role, self.password_of(role), database)

    def url_for(self, user: str, password: str, database: str) -> str:
        """Return `postgresql+psycopg://user:password@/database?host=/socket`, quoted as need be.

        libpq reads `+` in a query as a plus, not as a space: spaces become %20.
        """
        rendered = URL.create(
            "postgresql+psycopg",
            username=user,
            password=password,
            database=database,
            query={"host": str(self._sockets)} | self._port_in_url,
        ).render_as_string(hide_password=False)
        before, mark, query = rendered.partition("?")
        return before + mark + query.replace("+", "%20")

    @property
    def _port_in_url(self) -> dict[str, str]:
        return {"port": str(self._tcp_port)} if self._tcp_port else {}

    @property
    def _password_file(self) -> Path:
        return self.folder / "passwords.json"

    def _prepare(self) -> None:
        self._programs = postgres_programs(self._user)
        self._data = reachable_folder(self.folder / "data", self._user)
        end_strays(self._data, ask=signal.SIGINT)
        self._sockets = socket_folder(
            self.folder / "socket", self._user, longest_name=f".s.PGSQL.{PORT}.lock"
        )
        if self._data.exists() and not self._password_file.exists():
            raise StackError(
                f"{self._password_file} is missing: restore it, or delete {self.folder}."
            )
        self._superuser_password = self.password_of(SUPERUSER)
        if not self._data.exists():
            create_cluster(
                self._data,
                programs=self._programs,
                user=self._user,
                superuser=(SUPERUSER, self._superuser_password),
                durable=self._settings.get("fsync") != "off",
            )
        if not (self._data / WHOLE).exists():
            raise StackError(
                f"{self._data} is not a whole cluster: delete {self.folder} and start anew."
            )
        self._sweep()
        self._configure()

    def _sweep(self) -> None:
        """Remove what a killed server left; `end_strays` has seen that none lives."""
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        for left in self._sockets.glob(".s.PGSQL.*"):
            left.unlink(missing_ok=True)

    def _configure(self) -> None:
        place = str(self._sockets)
        settings = _SETTINGS | {
            "listen_addresses": "127.0.0.1" if self._tcp_port else "",
            "port": str(self._tcp_port or PORT),
            "unix_socket_directories": f'"{place}"' if "," in place else place,
            "unix_socket_permissions": "0700",
        }
        lines = [
            f"{name} = {_quoted(value)}\n" for name, value in (settings | self._settings).items()
        ]
        conf = self._data / "app.conf"
        conf.write_text("".join(lines))
        self._user.own(conf)
        for name in ("postgresql.conf", WHOLE):
            self._user.own(self._data / name)

    def _launch(self) -> None:
        self._child = child = spawn(
            [self._programs / "postgres", "-D", self._data],
            log=self.log,
            death_signal=signal.SIGINT,
            user=self._user,
            folder=self._data,
        )
        # Recovery after a crash may take its time; as long as the server lives, wait for it.
        wait_until(lambda: child.poll() is not None or self._answers(), timeout=600.0)
        if child.poll() is not None or not self._answers():
            raise StackError(f"PostgreSQL does not start: {last_line(self.log)} (see {self.log})")

    def _answers(self) -> bool:
        try:
            with psycopg.connect(
                host=str(self._sockets),
                port=self._tcp_port or PORT,
                user=SUPERUSER,
                password=self._superuser_password,
                dbname="postgres",
                connect_timeout=5,
            ):
                return True
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise StackError(
                    f"{self._password_file} does not fit: restore it or delete {self.folder}."
                ) from None
            return False


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
