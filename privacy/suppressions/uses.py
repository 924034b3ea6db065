"""What people are read for, a closed list (promise A13): every path that lists, exports or sends
out names one, and who objected to it is not in what it reads (promise C6).

What a service does for its customers cannot be objected to by purpose: there a restriction
counts (GDPR Art. 18), and an objection under Art. 21(1) makes one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeVar

from privacy.core.db.declarations import Purpose
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.identities.shapes import Identity, Way
from privacy.identities.tokens import tokens_of
from privacy.restrictions.standing import Restricted, restricted
from privacy.suppressions.check import may_send_many
from privacy.suppressions.entries import suppressed
from privacy.suppressions.purposes import OBJECTED, Sending
from privacy.vault.keyring import Keyring

T = TypeVar("T")


class Use(StrEnum):
    """Purposes of reading people's data to use it."""

    DELIVERY = Purpose.DELIVERY.value
    ACCOUNTS = Purpose.ACCOUNTS.value
    RESPONSE = Purpose.RESPONSE.value
    FUTURE_COMMUNICATION = Purpose.FUTURE.value
    DIRECT_MARKETING = "direct_marketing"
    TELEMARKETING = "telemarketing"
    MARKET_RESEARCH = "market_research"
    OPINION_POLLS = "opinion_polls"
    PERSONAL_RESEARCH = "personal_research"


OBJECTABLE: Final[Mapping[Use, Sending]] = MappingProxyType(
    {Use(one.value): one for one in OBJECTED}
)
"""Uses out of which people drop, and as what they would be reached."""


def standing_for(work: UnitOfWork, vault: Keyring, *, use: Use) -> Restricted:
    """Who is not to be shown where a use of everyday work reads people.

    Raises:
        Invalid: people can object to this use, and this path does not leave them out.
    """
    refuse_objectable(use)
    return restricted(work, vault)


def refuse_objectable(use: Use) -> None:
    """Raises Invalid for a use that people can object to, where nobody would drop out."""
    if use in OBJECTABLE:
        raise Invalid(fields={"purpose": "This is not listed for such a purpose."})


def willing(
    work: UnitOfWork,
    vault: Keyring,
    *,
    use: Use,
    things: Sequence[T],
    people: Sequence[Collection[Identity]],
    services: Collection[str],
) -> list[T]:
    """Those things whose person may be reached for `use` on behalf of `services`.

    One who objected in whichever way, withdrew, or did not agree where that is needed, drops out,
    and so does who can be reached by nothing.

    Args:
        people: of each thing, the ways in which its person is known.
    """
    sending = OBJECTABLE.get(use)
    if sending is None:
        return list(things)
    asked = list(dict.fromkeys(one for person in people for one in person))
    allowed = _allowed(work, vault, sending, asked, services)
    stopped = _stopped(work, vault, sending, asked)
    return [
        thing
        for thing, person in zip(things, people, strict=True)
        if allowed & set(person) and not stopped & set(person)
    ]


def known_ways(*, emails: Iterable[str] = (), phones: Iterable[str] = ()) -> frozenset[Identity]:
    """As registers know a person; what is neither address nor number is left out."""
    found = set[Identity]()
    for make, texts in ((Identity.email, emails), (Identity.phone, phones)):
        for text in filter(None, texts):
            try:
                found.add(make(text))
            except Invalid:
                continue
    return frozenset(found)


def _allowed(
    work: UnitOfWork,
    vault: Keyring,
    sending: Sending,
    asked: Sequence[Identity],
    services: Collection[str],
) -> set[Identity]:
    only = sending is Sending.TELEMARKETING
    to = [one for one in asked if one.way is Way.PHONE or not only]
    said = may_send_many(work, vault, purpose=sending, to=to, services=services) if to else []
    return {one for one, verdict in zip(to, said, strict=True) if verdict.allowed}


def _stopped(
    work: UnitOfWork, vault: Keyring, sending: Sending, asked: Sequence[Identity]
) -> set[Identity]:
    tokens, standing = tokens_of(work, vault, asked), restricted(work, vault)
    found = suppressed(work, tokens)
    return {
        one
        for one, token in zip(asked, tokens, strict=True)
        if OBJECTED[sending] in found.get(token, {}) or standing.has(one)
    }
