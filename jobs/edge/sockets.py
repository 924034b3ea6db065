"""Sockets that the server holds and does not show: to cut one, and to have the kernel cut them.

The server waits without end for a client that takes nothing, and its interface cannot end such
a connection. They are files of this process, so we find them by their addresses. Where there is
no list of open files, nothing happens: then only the thread and the database are freed.
"""

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

_OPEN: Final = Path("/proc/self/fd")
_USER_TIMEOUT: Final = getattr(socket, "TCP_USER_TIMEOUT", None)


def cut(client: tuple[str, int] | None) -> None:
    """End the connection of this client, with what was not sent of it."""
    for found in _sockets():
        with found, contextlib.suppress(OSError):
            if client and tuple(found.getpeername()[:2]) == tuple(client):
                _reset_on_close(found)
                found.shutdown(socket.SHUT_RDWR)


def limit_unread(seconds: float) -> None:
    """Have the kernel end connections whose client takes nothing for so long (RFC 5482).

    Set on listening sockets; accepted ones inherit it.
    """
    if _USER_TIMEOUT is None:
        return
    for found in _sockets():
        with found, contextlib.suppress(OSError):
            if found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                found.setsockopt(socket.IPPROTO_TCP, _USER_TIMEOUT, round(1000 * seconds))


def _reset_on_close(found: socket.socket) -> None:
    """What waits in the kernel is of no use to anybody: the reader must not take it for all."""
    found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def _sockets() -> Iterator[socket.socket]:
    """A second handle of each Internet socket of this process; closing it ends nothing."""
    if not _OPEN.is_dir():
        return
    for place in _OPEN.iterdir():
        with contextlib.suppress(OSError, ValueError):
            if str(place.readlink()).startswith("socket:"):
                found = socket.socket(fileno=os.dup(int(place.name)))
                if found.family in _FAMILIES and found.type == socket.SOCK_STREAM:
                    yield found
                else:
                    found.close()


_FAMILIES: Final[Any] = {socket.AF_INET, socket.AF_INET6}
