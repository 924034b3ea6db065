"""Whether the addresses we want to listen on are free, and whether the web server answers there."""

import http.client
import socket

from jobs.embedded.errors import StackError


def split(bind: str) -> tuple[str, int]:
    """Return host and port of `host:port`."""
    host, _, port = bind.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise StackError(f"{bind!r} is not an address: write host:port, such as 127.0.0.1:8000.")
    return host.strip("[]"), int(port)


def check_free(variable: str, bind: str) -> None:
    """Stop with one line when something else listens on `bind` already."""
    host, port = split(bind)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            raise StackError(
                f"Port {port} on {host} cannot be used ({(error.strerror or str(error)).lower()}): "
                f"stop what uses it, or choose another: {variable}={host}:{port + 1}"
            ) from None


def listens(bind: str) -> bool:
    """Whether anything takes connections on `bind`."""
    try:
        socket.create_connection(split(bind), timeout=1).close()
    except OSError:
        return False
    return True


def answers(bind: str, path: str = "/healthz") -> bool:
    """Whether a web server on `bind` answers `path` without an error."""
    host, port = split(bind)
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
