"""Numbers that are not to be called: what a page of calls is marked with (promise C6)."""

from collections.abc import Iterable

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.identities.shapes import Identity
from privacy.identities.tokens import tokens_of
from privacy.profiles.parts import Objection
from privacy.suppressions.entries import suppressed
from privacy.vault.keyring import Keyring


def not_to_call(
    work: UnitOfWork, vault: Keyring, numbers: Iterable[str]
) -> dict[str, list[Objection]]:
    """Of these canonical numbers, those whose holder objected, and to what; one query."""
    identities = [one for number in set(numbers) if (one := _identity(number)) is not None]
    if not identities:
        return {}
    tokens = tokens_of(work, vault, identities)
    found = suppressed(work, tokens)
    objected = {
        one.text: sorted(found.get(token, ()))
        for one, token in zip(identities, tokens, strict=True)
    }
    return {number: to_what for number, to_what in objected.items() if to_what}


def _identity(number: str) -> Identity | None:
    """Names and the like, which exchanges send too, are nobody's number."""
    try:
        return Identity.phone(number)
    except Invalid:
        return None
