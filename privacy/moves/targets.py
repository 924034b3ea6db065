"""The new side's settings: the file of variables with which the service will run there."""

import shlex
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from privacy.core.settings import Settings
from privacy.core.transport import require_protected
from privacy.moves.errors import MoveRefused
from privacy.moves.sides import URLS

_PREFIX: Final = "SILTA_"


def read_target(path: Path, old: Settings) -> Settings:
    """`old`, with the databases and the country that the file at `path` names.

    Raises:
        MoveRefused: the file is open to others, or lacks a URL; or one of them is not protected.
    """
    try:
        text, mode = path.read_text(encoding="utf-8"), path.stat().st_mode
    except (OSError, UnicodeDecodeError):
        raise MoveRefused(f"{path} cannot be read.") from None
    if mode & 0o077:
        raise MoveRefused(f"{path} holds passwords and is open to others: chmod 600 it.")
    given = _variables(text, path)
    urls = {name: SecretStr(_url(given, name)) for name in URLS}
    country = given.get("SILTA_DATABASE_COUNTRY") or None
    return old.model_copy(update=urls | {"database_country": country})


def _variables(text: str, path: Path) -> dict[str, str]:
    """Lines of NAME=value as a shell reads them; others are left alone."""
    found = {}
    for line in text.splitlines():
        name, mark, value = line.strip().removeprefix("export ").partition("=")
        if mark and name.startswith(_PREFIX):
            try:
                found[name] = "".join(shlex.split(value))
            except ValueError:
                raise MoveRefused(f"{path}: the value of {name} has an open quote.") from None
    return found


def _url(given: dict[str, str], name: str) -> str:
    variable = _PREFIX + name.upper()
    if not given.get(variable):
        raise MoveRefused(f"{variable} is missing in the file of the new side.")
    try:
        require_protected(given[variable], scheme="postgresql")
    except ValueError as error:
        raise MoveRefused(f"{variable} in the file of the new side: {error}") from None
    return given[variable]
