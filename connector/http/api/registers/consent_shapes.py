"""Consents as the API takes and shows them."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from connector.http.api.registers.wanted import (
    At,
    Email,
    Name,
    Number,
    Region,
    Service,
    Visitor,
)
from privacy.consents.purposes import ConsentPurpose
from privacy.consents.shapes import ConsentAct, ConsentChannel, ConsentView

_Words = Annotated[
    str, Meta(min_length=1, max_length=4000, description="The very words that were agreed to.")
]
_Language = Annotated[str, Meta(min_length=2, max_length=35, description="BCP 47, like sv-FI.")]
_Version = Annotated[str, Meta(min_length=1, max_length=40, description="Version of the words.")]
_Evidence = Annotated[
    str, Meta(max_length=1000, description="Where the proof is: a form's entry, a recording.")
]


class ConsentWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Who agreed to what, in which words, over which channel."""

    purpose: ConsentPurpose
    wording: _Words
    language: _Language
    version: _Version
    channel: ConsentChannel
    service: Service | None = None
    email: Email | None = None
    number: Number | None = None
    visitor: Visitor | None = None
    name: Name | None = None
    region: Region = "FI"
    at: At | None = None
    evidence: _Evidence = ""


class Withdrawal(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How and when it was withdrawn."""

    channel: ConsentChannel = ConsentChannel.FORM
    at: At | None = None
    evidence: _Evidence = ""


class ConsentMoment(msgspec.Struct, frozen=True):
    """One act in a consent's life."""

    act: ConsentAct
    at: datetime
    recorded_at: datetime
    channel: ConsentChannel
    evidence: str | None


class Consent(msgspec.Struct, frozen=True):
    """A consent with its history. `standing` until it is withdrawn."""

    id: uuid.UUID
    service: str
    purpose: ConsentPurpose
    standing: bool
    email: str | None
    number: str | None
    visitor: str | None
    name: str | None
    wording: str
    language: str
    version: str
    digest: str
    events: list[ConsentMoment]


class Consents(msgspec.Struct, frozen=True):
    """A page of consents; without `next_cursor` it is the last one."""

    consents: list[Consent]
    next_cursor: uuid.UUID | None


def consent_of(view: ConsentView) -> Consent:
    """`view` for an answer."""
    who = view.person
    return Consent(
        id=view.id,
        service=view.service,
        purpose=view.purpose,
        standing=view.standing,
        email=who.email or None,
        number=who.phone or None,
        visitor=who.visitor or None,
        name=who.name or None,
        wording=view.wording.text,
        language=view.wording.language,
        version=view.wording.version,
        digest=view.digest,
        events=[
            ConsentMoment(one.act, one.at, one.recorded_at, one.channel, one.evidence or None)
            for one in view.events
        ],
    )


WISH_EXAMPLE: Final[dict[str, Any]] = {
    "purpose": "direct_marketing",
    "email": "robin@example.com",
    "name": "Robin Example",
    "wording": "I would like your newsletter by e-mail.",
    "language": "en",
    "version": "2026-1",
    "channel": "form",
    "evidence": "newsletter form, entry 12",
}
CONSENT_EXAMPLE: Final[dict[str, Any]] = {
    "id": "0198c0de-0000-7000-8000-0000000000d1",
    "service": "T",
    "purpose": "direct_marketing",
    "standing": True,
    "email": "robin@example.com",
    "number": None,
    "visitor": None,
    "name": "Robin Example",
    "wording": "I would like your newsletter by e-mail.",
    "language": "en",
    "version": "2026-1",
    "digest": "5f0c3cb1a6f0a2c1e7f3b8d4596a7e80112233445566778899aabbccddeeff00",
    "events": [
        {
            "act": "given",
            "at": "2026-11-22T09:15:00Z",
            "recorded_at": "2026-11-22T09:15:01Z",
            "channel": "form",
            "evidence": "newsletter form, entry 12",
        }
    ],
}
