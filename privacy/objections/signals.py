"""Global Privacy Control: a browser that says `Sec-GPC: 1` objects for whoever uses it.

W3C, Global Privacy Control §3.2. It counts where personal data is used for marketing at all, and
is an objection to direct marketing like any other: recorded, honoured at once, ended by the
person alone (GDPR Art. 21(2), (3), (5)).
"""

from collections.abc import Collection
from typing import Final

from privacy.core.db.work import UnitOfWork
from privacy.identities.people import Person
from privacy.identities.tokens import tokens_of
from privacy.objections.record import record_objection
from privacy.objections.shapes import Objecting
from privacy.profiles import profile
from privacy.profiles.parts import Objection, ObjectionChannel
from privacy.suppressions.causes import Cause
from privacy.suppressions.entries import suppressed
from privacy.vault.keyring import Keyring

HEADER: Final = "Sec-GPC"
_OBJECTED: Final = Objection.DIRECT_MARKETING


def is_refusal(value: str | None) -> bool:
    """Whether the header's value is the signal: `1`, and nothing else."""
    return value is not None and value.strip() == "1"


def honour_signal(
    work: UnitOfWork, vault: Keyring, *, person: Person, services: Collection[str]
) -> bool:
    """Record the objection of whoever sent the signal, once. Whether it was new.

    Raises:
        Invalid: nobody is named.
    """
    if all(profile(key).no_marketing for key in services):
        return False
    tokens = tokens_of(work, vault, person.identities)
    known = suppressed(work, tokens)
    if all(known.get(token, {}).get(_OBJECTED) is Cause.OBJECTION for token in tokens):
        return False
    record_objection(work, vault, Objecting(person, [_OBJECTED], ObjectionChannel.FORM))
    return True
