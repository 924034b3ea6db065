"""What the embedded servers have in common: one child process below one folder, and its life."""

import signal
import subprocess
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from jobs.embedded.children import end_strays
from jobs.embedded.errors import StackError
from jobs.embedded.folders import FolderLock, passage
from jobs.embedded.users import ServerUser, server_user


class EmbeddedServer(ABC):
    """One server in `folder`. Start it from the main thread; use as a context manager."""

    name: ClassVar[str]
    _user: ServerUser
    _data: Path

    def __init__(self, folder: Path, *, tcp_port: int | None = None, log: Path | None) -> None:
        self.folder = folder.absolute()
        self.log = (log or self.folder / "server.log").absolute()
        self._tcp_port = tcp_port
        self._lock = FolderLock(self.folder)
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Go past what a killed run left, and return when the server answers."""
        self._user = server_user(self.folder / "data")
        passage(self.folder, self._user)
        self._lock.take()
        try:
            self._bring_up()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Shut down cleanly; harmless when it does not run."""
        if self._child is not None:
            self._shut_down(self._child)
            self._child = None
        self._lock.release()

    def kill(self) -> None:
        """End the server as a crash would (for tests): no checkpoint, no goodbye."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            end_strays(self._data, ask=signal.SIGQUIT)
            self._child = None
        self._lock.release()

    def alive(self) -> bool:
        """Whether the server's process runs."""
        return self._child is not None and self._child.poll() is None

    def revive(self) -> None:
        """Start again after the server's process has died; recovery is the server's own."""
        self.kill()
        self.start()

    @property
    def data(self) -> Path:
        """The server's data folder."""
        return self._data

    @property
    def process_id(self) -> int:
        """The server's process id."""
        if self._child is None:
            raise StackError(f"{self.name} is not running.")
        return self._child.pid

    @abstractmethod
    def _bring_up(self) -> None:
        """Prepare the folder, start the child and wait until it answers."""

    @abstractmethod
    def _shut_down(self, child: subprocess.Popen[bytes]) -> None:
        """Ask the child to end, and clean up behind it."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
