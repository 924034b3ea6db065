"""Errors in the children's logs, carried to the terminal as they appear."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

_LOUD = {"error", "critical", "exception", "fatal"}
_LAST_WORDS = re.compile(r"(silta: |[A-Za-z_][\w.]*(Error|Exception|Exit|Interrupt)\b)")
_MOST = 20
"""Lines shown at a time; a child that fails in a loop must not drown the terminal."""


class LogFollower:
    """Reads what is added to one log from now on and picks out the errors."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._position = path.stat().st_size if path.exists() else 0
        self._rest = b""
        self._in_traceback = False

    def errors(self) -> list[str]:
        """Return the error lines added since the last call."""
        found = [line for line in self._added() if self._is_loud(line)]
        if len(found) > _MOST:
            found = [*found[:_MOST], f"… and {len(found) - _MOST} more lines"]
        return found

    def _added(self) -> Iterator[str]:
        try:
            with self._path.open("rb") as file:
                if self._path.stat().st_size < self._position:
                    self._position = 0
                file.seek(self._position)
                added = file.read()
        except FileNotFoundError:
            return
        self._position += len(added)
        *lines, self._rest = (self._rest + added).split(b"\n")
        yield from (line.decode(errors="replace") for line in lines)

    def _is_loud(self, line: str) -> bool:
        """Whether `line` is an error: a structured one, or part of a traceback."""
        if self._in_traceback:
            self._in_traceback = line.startswith((" ", "\t"))
            return bool(line.strip())
        if line.startswith("Traceback (most recent call last)"):
            self._in_traceback = True
            return True
        return _level(line) in _LOUD


def is_reason(line: str) -> bool:
    """Whether a last line can be why a process ended: an error, and no line of the usual chatter.

    A traceback ends with the exception's own line, and `silta: …` is how a command refuses.
    """
    return _level(line) in _LOUD or bool(_LAST_WORDS.match(line))


def _level(line: str) -> str:
    if not line.startswith("{"):
        return "error" if line.startswith(("ERROR", "CRITICAL", "[ERROR]", "Error:")) else ""
    try:
        return str(json.loads(line).get("level", "")).lower()
    except ValueError:
        return ""
