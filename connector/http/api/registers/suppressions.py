"""POST /api/v1/suppressions/check: may I send this, to these addresses or numbers?"""

from typing import Annotated, Final

import msgspec
from flask import Response
from msgspec import Meta

from connector.http.api.answers import answer
from connector.http.api.inputs import JSON, read_json
from connector.http.api.operations import Body, Operation, describes
from connector.http.api.registers.wanted import Email, Number, Region, Service
from connector.identities.read import read_identity
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.identities.shapes import Identity, Way
from privacy.suppressions.ask import ask_suppressions
from privacy.suppressions.check import of_strangers
from privacy.suppressions.links import link_token
from privacy.suppressions.purposes import OBJECTED, Sending
from privacy.suppressions.verdicts import Reason, Verdict
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission
from tenants.principals import Mode
from tenants.tenants.subscribed import meant_services

MOST: Final = 1000
_BODY: Final = 512 * 1024


class Recipient(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An e-mail address or a telephone number, one of the two."""

    email: Email | None = None
    number: Number | None = None


_To = Annotated[
    list[Recipient], Meta(min_length=1, max_length=MOST, description="Whom you would reach.")
]


class SuppressionCheck(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What you would send, and to whom. Without `service`, the strictest of yours decides."""

    purpose: Sending
    to: _To
    service: Service | None = None
    region: Region = "FI"


class Allowance(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whether one recipient may be reached, and why. `unreadable`: it is no address or number.

    `unsubscribe`: for a mail of this purpose that may go, what belongs into its
    `List-Unsubscribe` header, with `List-Unsubscribe-Post: List-Unsubscribe=One-Click` (RFC 8058).
    """

    allowed: bool
    reason: str
    unsubscribe: str | None = None


class Allowances(msgspec.Struct, frozen=True):
    """One for each recipient, in the order sent; `allowed` counts those that may be reached."""

    allowed: int
    verdicts: list[Allowance]


_UNREADABLE: Final = Allowance(False, "unreadable")


@requires(Permission.SUPPRESSIONS_CHECK)
@describes(
    Operation(
        id="checkSuppressions",
        summary="May I send this?",
        description=(
            "Ask before each sending, list or call campaign. Objections and withdrawn consents "
            "stop a purpose at once; electronic marketing needs a consent; one-time codes, service "
            "messages and answers always go. Reasons: "
            + ", ".join(f"`{reason.value}`" for reason in Reason)
            + ", `unreadable`."
        ),
        tag="registers",
        body=Body(
            kinds={JSON: SuppressionCheck},
            examples={
                JSON: {
                    "purpose": "direct_marketing",
                    "to": [{"email": "robin@example.com"}, {"number": "+1 202-555-0143"}],
                }
            },
            description="A purpose, and up to 1,000 recipients.",
        ),
        answer=Allowances,
        example={
            "allowed": 1,
            "verdicts": [
                {"allowed": True, "reason": "consented"},
                {"allowed": False, "reason": "objected"},
            ],
        },
        mode=True,
    )
)
def post_check() -> Response:
    """A verdict on each."""
    asked = read_json(SuppressionCheck, limit=_BODY)
    read = [_read(one, asked.region) for one in asked.to]
    known = [one for one in read if one is not None]
    links: list[str | None] = [None] * len(known)
    with work_of_caller() as work:
        meant = meant_services(work, asked.service)
        # Test keys lie about in scripts and logs of builds: they learn of nobody.
        if caller().mode is Mode.TEST:
            said = of_strangers(purpose=asked.purpose, to=known, services=meant)
        else:
            said = ask_suppressions(
                work, services().vault, purpose=asked.purpose, to=known, services=meant
            )
            links = [_link(work, asked.purpose, *one) for one in zip(known, said, strict=True)]
    return answer(_allowances(read, said, links))


def _link(work: UnitOfWork, purpose: Sending, who: Identity, said: Verdict) -> str | None:
    """Where this person ends mails of this purpose with one click."""
    if not said.allowed or who.way is not Way.EMAIL or purpose not in OBJECTED:
        return None
    link = link_token(work, services().vault, who=who, purpose=OBJECTED[purpose])
    return f"{services().settings.public_url}/privacy/unsubscribe/{link}"


def _read(one: Recipient, region: str) -> Identity | None:
    try:
        return read_identity(email=one.email, number=one.number, region=region)
    except Invalid:
        return None


def _allowances(
    read: list[Identity | None], said: list[Verdict], links: list[str | None]
) -> Allowances:
    told = iter(zip(said, links, strict=True))
    verdicts = [_UNREADABLE if one is None else _of(*next(told)) for one in read]
    return Allowances(sum(one.allowed for one in verdicts), verdicts)


def _of(verdict: Verdict, link: str | None) -> Allowance:
    return Allowance(verdict.allowed, verdict.reason.value, link)
