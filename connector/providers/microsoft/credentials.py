"""What an account needs to talk to Microsoft, and where Microsoft is."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from connector.outbound.recipients import Recipient, names_this_machine
from connector.providers.port import CredentialField
from privacy.core.errors import Invalid

LOGIN: Final = "https://login.microsoftonline.com"
PARTNER_CENTER: Final = "https://api.partnercenter.microsoft.com"
GRAPH: Final = "https://graph.microsoft.com"

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_LONGEST: Final = 8192

TENANT = CredentialField(
    "tenant_id",
    "Directory (tenant) id",
    secret=False,
    help="Microsoft Entra admin center, App registrations, your application, Overview.",
)
CLIENT = CredentialField(
    "client_id", "Application (client) id", secret=False, help="On the same page."
)
SECRET = CredentialField(
    "client_secret",
    "Client secret",
    help="Certificates & secrets, New client secret: its value, not its id.",
)
REFRESH = CredentialField(
    "refresh_token",
    "Refresh token (secure application model)",
    help="Only where Partner Center wants a user besides the application: the token of a first "
    "sign-in with a second factor. It is exchanged for a new one by itself each time.",
)
BASE = CredentialField(
    "base_url",
    "Simulator",
    secret=False,
    help="Leave this empty. In development: the https:// address of a simulator on this machine.",
    simulator=True,
)


@dataclass(frozen=True, slots=True)
class Places:
    """Base URLs, without a slash at the end; others than Microsoft's own are simulators."""

    login: str = LOGIN
    partner_center: str = PARTNER_CENTER
    graph: str = GRAPH

    @classmethod
    def of(cls, said: Mapping[str, str]) -> "Places":
        """From the texts of a credential: Microsoft's own, or a simulator's one for all."""
        base = said.get("base_url", "").strip().rstrip("/")
        return cls(base, base, base) if base else cls()


@dataclass(frozen=True, slots=True, kw_only=True)
class MicrosoftCredentials:
    """An application of the tenant's own directory, and perhaps a user's refresh token."""

    tenant_id: str
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)

    @classmethod
    def of(cls, said: Mapping[str, str]) -> "MicrosoftCredentials":
        """From the texts of a credential. Ids in lower case, so that each account has one name."""
        return cls(
            tenant_id=said.get("tenant_id", "").strip().lower(),
            client_id=said.get("client_id", "").strip().lower(),
            client_secret=said.get("client_secret", "").strip(),
            refresh_token=said.get("refresh_token", "").strip(),
        )

    def digest(self, *more: str) -> bytes:
        """What stands for this credential in the memory of a process."""
        parts = (self.tenant_id, self.client_id, self.client_secret, self.refresh_token, *more)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()


def check_entered(credential: Mapping[str, str]) -> None:
    """Look at what was entered. Raises Invalid with `fields`; values are not repeated."""
    said, wrong = MicrosoftCredentials.of(credential), dict[str, str]()
    for name, value in (("tenant_id", said.tenant_id), ("client_id", said.client_id)):
        if not _ID.fullmatch(value):
            wrong[name] = "Enter the id as Microsoft shows it: 8-4-4-4-12 hexadecimal digits."
    for name, value in (
        ("client_secret", said.client_secret),
        ("refresh_token", said.refresh_token),
    ):
        if not value.isascii() or not (value or "x").isprintable() or len(value) > _LONGEST:
            wrong[name] = "This holds characters that no secret of Microsoft's has. Copy it again."
    if not said.client_secret:
        wrong["client_secret"] = "Enter the secret's value."  # noqa: S105
    if _ID.fullmatch(said.client_secret.lower()):
        wrong["client_secret"] = "This is the secret's id. Enter its value."  # noqa: S105
    wrong |= _wrong_place(credential)
    if wrong:
        raise Invalid(fields=wrong)


def _wrong_place(credential: Mapping[str, str]) -> dict[str, str]:
    places = Places.of(credential)
    if places == Places():
        return {}
    try:
        here = names_this_machine(Recipient.of(places.login).host)
    except ValueError:
        here = False
    if here and places.login.startswith("https://"):
        return {}
    return {"base_url": "Leave this empty, or enter a simulator's https:// address."}
