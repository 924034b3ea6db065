"""Kinds of accounts: which systems can be connected, and what each needs."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class AccountKind(StrEnum):
    """A system that can be connected."""

    API = "api"
    MOONTALK = "moontalk"
    MOONTALK_PULL = "moontalk_pull"
    FREESWITCH = "freeswitch"
    ASTERISK = "asterisk"
    TWILIO = "twilio"
    KAMAILIO = "kamailio"
    THREECX = "threecx"
    NETVISOR = "netvisor"
    MICROSOFT = "microsoft"
    MICROSOFT_CALLS = "microsoft_calls"


@dataclass(frozen=True, slots=True)
class KindFacts:
    """What an account of a kind is like.

    Args:
        posts: whether the system posts to a secret address of ours.
        credential: what the tenant must enter besides, as the system calls it; none if nothing.
        merges: several deliveries tell about one call: newer versions are merged with what is
            stored, not put in its place.
        pulled: the system is asked by us; connector.providers.pulled has its provider. It is
            connected by a test call, not by what arrives.
        per_minute: how many requests a minute a new account of it may make.
    """

    label: str
    service: str
    posts: bool
    credential: str | None = None
    merges: bool = False
    pulled: bool = False
    per_minute: int = 60


KINDS: Final = MappingProxyType(
    {
        AccountKind.API: KindFacts("Own program (API key)", "T", posts=False),
        AccountKind.MOONTALK: KindFacts("Moontalk", "T", posts=True),
        AccountKind.MOONTALK_PULL: KindFacts(
            "Moontalk (asked for its calls)", "T", posts=False, pulled=True
        ),
        AccountKind.FREESWITCH: KindFacts("FreeSWITCH", "T", posts=True),
        AccountKind.ASTERISK: KindFacts("Asterisk", "T", posts=True),
        AccountKind.TWILIO: KindFacts(
            "Twilio", "T", posts=True, credential="Auth token", merges=True
        ),
        AccountKind.KAMAILIO: KindFacts("Kamailio", "T", posts=True, merges=True),
        AccountKind.THREECX: KindFacts("3CX", "T", posts=True),
        AccountKind.NETVISOR: KindFacts("Netvisor", "N", posts=False, pulled=True),
        AccountKind.MICROSOFT: KindFacts(
            "Microsoft", "M", posts=False, pulled=True, per_minute=300
        ),
        AccountKind.MICROSOFT_CALLS: KindFacts(
            "Microsoft telephone calls", "T", posts=False, pulled=True, per_minute=600
        ),
    }
)
