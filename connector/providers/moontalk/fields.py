"""What a tenant enters to have a Moontalk asked for its calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from connector.providers.moontalk.checks import check_texts
from connector.providers.moontalk.paths import path_of
from connector.providers.moontalk.ways import NONE, Clock, Paging, SignIn
from connector.providers.port import CredentialField

FIELDS: Final = (
    CredentialField(
        "base_url",
        "Address of your Moontalk",
        secret=False,
        help="https:// and the host, nothing after it, as your telephone operator names it.",
    ),
    CredentialField(
        "path",
        "Path of the list of calls",
        secret=False,
        help="For example /api/v1/calls; a fixed query may follow.",
        default="/calls",
    ),
    CredentialField(
        "sign_in",
        "How the key is sent",
        secret=False,
        help="In a header of its own, as bearer token, or as password (Basic).",
        default=SignIn.HEADER.value,
        choices=tuple(each.value for each in SignIn),
    ),
    CredentialField(
        "header",
        "Name of that header",
        secret=False,
        help="Only where the key has a header of its own.",
        default="X-API-Key",
    ),
    CredentialField("user", "User name", secret=False, help="Only for Basic."),
    CredentialField("key", "API key or password", help="Kept sealed; nobody can read it back."),
    CredentialField(
        "paging",
        "How pages follow each other",
        secret=False,
        help="By a cursor in each answer, by a page number, or by the time of the last change.",
        default=Paging.CURSOR.value,
        choices=tuple(each.value for each in Paging),
    ),
    CredentialField(
        "page_parameter",
        "Parameter of the cursor or page",
        secret=False,
        help="Empty means: cursor, or page.",
    ),
    CredentialField(
        "next",
        "Where an answer has the next cursor",
        secret=False,
        help="A path, like meta.next. Only for paging by cursor.",
        default="next_cursor",
    ),
    CredentialField(
        "first_page",
        "Number of the first page",
        secret=False,
        default="1",
        choices=("1", "0"),
    ),
    CredentialField(
        "size_parameter",
        "Parameter of the page's size",
        secret=False,
        help="A hyphen (-) means that there is none.",
        default="limit",
    ),
    CredentialField("size", "Calls on a page", secret=False, help="From 1 to 1000.", default="200"),
    CredentialField(
        "since_parameter",
        "Parameter for what changed since",
        secret=False,
        help="Calls that changed at or after a moment. A hyphen (-) means that there is none: "
        "then everything is listed each time.",
        default="updated_since",
    ),
    CredentialField(
        "since_format",
        "How that moment is written",
        secret=False,
        default=Clock.RFC3339.value,
        choices=tuple(each.value for each in Clock),
    ),
    CredentialField(
        "changed",
        "Where a call has the time of its last change",
        secret=False,
        help="A path, like updated_at.",
        default="updated_at",
    ),
    CredentialField(
        "account",
        "Account",
        secret=False,
        help="Where one address serves several accounts: any name that tells this one apart.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where calls are asked for, how, and with what."""

    base_url: str
    path: str
    sign_in: SignIn
    header: str
    user: str
    key: str = field(repr=False)
    paging: Paging
    page_parameter: str
    next: str
    first_page: int
    size_parameter: str
    size: int
    since_parameter: str
    since_format: Clock
    changed: str
    account: str

    @property
    def external_key(self) -> str:
        """The outside account's name, as far as anything tells."""
        host = self.base_url.partition("://")[2]
        return "/".join(part for part in (host, self.user, self.account) if part)


def read_fields(entered: Mapping[str, str]) -> Source:
    """Typed. Raises Invalid with `fields`: what is wrong with each, and what to do."""
    check_texts(said := filled(entered))
    paging = Paging(said["paging"])
    return Source(
        base_url=said["base_url"].lower(),
        path=said["path"],
        sign_in=SignIn(said["sign_in"]),
        header=said["header"],
        user=said["user"],
        key=said["key"],
        paging=paging,
        page_parameter=said["page_parameter"] or paging.value,
        next=path_of(said["next"]),
        first_page=int(said["first_page"]),
        size_parameter=said["size_parameter"].strip(NONE),
        size=int(said["size"]),
        since_parameter=said["since_parameter"].strip(NONE),
        since_format=Clock(said["since_format"]),
        changed=path_of(said["changed"]),
        account=said["account"],
    )


def filled(entered: Mapping[str, str]) -> dict[str, str]:
    """The texts of all fields, with defaults for those left empty."""
    texts = {each.name: entered.get(each.name, "").strip() or each.default for each in FIELDS}
    texts["base_url"] = texts["base_url"].rstrip("/")
    return texts
