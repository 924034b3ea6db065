"""A request as WSGI wants it (PEP 3333), and nothing that two readers could read differently."""

import re
import sys
from typing import IO, Any, Final
from urllib.parse import unquote_to_bytes

from jobs.edge.refusals import malformed
from jobs.edge.scopes import ENCODING, LENGTH, Scope

_ONCE: Final = frozenset(
    {b"host", LENGTH, ENCODING, b"content-type", b"content-encoding", b"authorization"}
)
"""Given twice, the proxy and we could each go by another one (RFC 9110, §5.3)."""
_DROPPED: Final = frozenset({b"proxy", ENCODING, b"connection", b"keep-alive", b"te", b"expect"})
"""About the connection, which ends here; and `Proxy`, which CGI would take for a setting."""
_DIGITS: Final = re.compile(rb"[0-9]{1,15}")
_CONTROLS: Final = re.compile(rb"[\x00-\x1f\x7f]")


def check(scope: Scope) -> None:
    """Refuse what is ambiguous (RFC 9112, §3.2, §6.3). Raises Refused."""
    seen: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in _ONCE and name in seen:
            raise malformed("repeated_header")
        seen[name] = value
    if scope["http_version"] != "1.0" and not seen.get(b"host"):
        raise malformed("no_host")
    if ENCODING in seen and (LENGTH in seen or seen[ENCODING].strip().lower() != b"chunked"):
        raise malformed("framing")
    if LENGTH in seen and not _DIGITS.fullmatch(seen[LENGTH]):
        raise malformed("framing")
    path = _path(scope)
    if not path.startswith(b"/") or _CONTROLS.search(path):
        raise malformed("path")


def make_environ(scope: Scope, *, body: IO[bytes], length: int | None) -> dict[str, Any]:
    """`length`: of the body in whole; None for one that is still arriving in chunks."""
    server, client = scope.get("server") or ("", 0), scope.get("client") or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": _path(scope).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    _add_headers(environ, scope)
    environ.pop("CONTENT_LENGTH", None)
    if length is not None and (length or scope["method"] not in {"GET", "HEAD"}):
        environ["CONTENT_LENGTH"] = str(length)
    return environ


def _add_headers(environ: dict[str, Any], scope: Scope) -> None:
    """A name with an underscore would be taken for the one with a hyphen, past the proxy."""
    for name, value in scope["headers"]:
        if name in _DROPPED or b"_" in name:
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        text = value.decode("latin-1")
        if key in environ:
            glue = "; " if key == "HTTP_COOKIE" else ","
            text = f"{environ[key]}{glue}{text}"
        environ[key] = text


def _path(scope: Scope) -> bytes:
    return unquote_to_bytes(scope.get("raw_path") or scope["path"].encode())
