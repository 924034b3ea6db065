"""What the demo has to remember between two starts, in a file that only its user can read."""

import datetime as dt
import json
import os
import secrets
from pathlib import Path
from typing import Self

import msgspec

from privacy.core.errors import Misconfigured
from privacy.core.ids import new_id
from privacy.vault.folders import write_durably

TLS_FOLDER = "simulators"
"""Where, beside the memory, the simulators' certificates are."""


class DemoMemory(msgspec.Struct):
    """Made before anything else, so that a start that was killed goes on with the same names."""

    tenant_id: str
    owner_password: str
    operator_password: str
    owner_secret: str = ""
    operator_secret: str = ""
    recovery_codes: list[str] = msgspec.field(default_factory=list)
    account_id: str = ""
    api_key: str = ""
    seeded: bool = False
    begun_at: dt.datetime | None = None
    ports: dict[str, int] = msgspec.field(default_factory=dict)
    systems: dict[str, str] = msgspec.field(default_factory=dict)
    furnished: bool = False
    payer_named: bool = False
    form_key: str = ""
    register_key: str = ""
    registrant_password: str = msgspec.field(default_factory=lambda: _password())

    owner_email: str = "owner@example.com"
    operator_email: str = "operator@example.com"
    registrant_login: str = "robin"

    @classmethod
    def load(cls, path: Path) -> Self:
        """What `path` holds; made anew where there is none yet.

        Raises:
            Misconfigured: it is not readable.
        """
        if not path.exists():
            made = cls(str(new_id()), _password(), _password())
            made.save(path)
            return made
        try:
            return msgspec.json.decode(path.read_bytes(), type=cls)
        except (OSError, msgspec.DecodeError):
            raise Misconfigured(
                f"{path} cannot be read: give it back, or start anew with `make reset`."
            ) from None

    def save(self, path: Path) -> None:
        """Write it whole or not at all."""
        write_durably(path, json.dumps(msgspec.to_builtins(self), indent=2).encode())


def memory_path() -> Path:
    """Where `silta dev` keeps it: beside the root key."""
    return Path(os.environ.get("SILTA_ROOT_KEY_FILE", "var/root.key")).parent / "demo.json"


def _password() -> str:
    return "-".join(secrets.token_hex(3) for _ in range(3))
