"""Kinds of accounts: which systems can be connected, and what each needs."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class AccountKind(StrEnum):
    """A system that sends calls."""

    API = "api"
    MOONTALK = "moontalk"
    FREESWITCH = "freeswitch"
    ASTERISK = "asterisk"
    TWILIO = "twilio"
    KAMAILIO = "kamailio"
    THREECX = "threecx"


@dataclass(frozen=True, slots=True)
class KindFacts:
    """What an account of a kind is like.

    Args:
        posts: whether the system posts to a secret address of ours.
        credential: what the tenant must enter besides, as the system calls it; none if nothing.
    """

    label: str
    service: str
    posts: bool
    credential: str | None = None


KINDS: Final = MappingProxyType(
    {
        AccountKind.API: KindFacts("Own program (API key)", "T", posts=False),
        AccountKind.MOONTALK: KindFacts("Moontalk", "T", posts=True),
        AccountKind.FREESWITCH: KindFacts("FreeSWITCH", "T", posts=True),
        AccountKind.ASTERISK: KindFacts("Asterisk", "T", posts=True),
        AccountKind.TWILIO: KindFacts("Twilio", "T", posts=True, credential="Auth token"),
        AccountKind.KAMAILIO: KindFacts("Kamailio", "T", posts=True),
        AccountKind.THREECX: KindFacts("3CX", "T", posts=True),
    }
)
