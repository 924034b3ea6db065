"""A visitor's choices of cookies on a tenant's site: all of them at once, each on its own."""

from collections.abc import Mapping

from sqlalchemy import exists, select, text

from privacy.consents.give import give_consent
from privacy.consents.models import Consent, ConsentEvent, ConsentToken
from privacy.consents.purposes import COOKIES, ConsentPurpose
from privacy.consents.shapes import ConsentAct, ConsentChannel, GivenConsent, Wording
from privacy.consents.withdraw import withdraw_consent
from privacy.core.db.locks import AdvisoryLock
from privacy.core.db.work import UnitOfWork
from privacy.identities.people import Person
from privacy.identities.tokens import tokens_of
from privacy.vault.keyring import Keyring

_LOCK = text("SELECT pg_advisory_xact_lock(:lock, :who)")


def choose_cookies(
    work: UnitOfWork,
    vault: Keyring,
    *,
    service: str,
    visitor: str,
    agreed: Mapping[ConsentPurpose, Wording],
) -> tuple[int, int]:
    """What is agreed to is given, what is not any more is withdrawn; repeating changes nothing.

    Args:
        visitor: the random id that the visitor's own browser made.
        agreed: the categories that were chosen, with the words that were shown.

    Returns:
        How many consents were given, and how many withdrawn.

    Raises:
        Invalid: the service uses no such cookies, or the id is none.
    """
    person = Person(visitor=visitor)
    _one_at_a_time(work, vault, person)
    standing = _standing(work, vault, service, person)
    known = {row.purpose for row in standing}
    new = {purpose: words for purpose, words in agreed.items() if purpose.value not in known}
    for purpose, words in new.items():
        channel = ConsentChannel.SNIPPET
        give_consent(work, vault, GivenConsent(service, purpose, person, words, channel))
    ended = [row for row in standing if ConsentPurpose(row.purpose) not in agreed]
    for row in ended:
        withdraw_consent(work, vault, consent_id=row.id, channel=ConsentChannel.SNIPPET)
    return len(new), len(ended)


def _one_at_a_time(work: UnitOfWork, vault: Keyring, person: Person) -> None:
    """The same sent twice at once is agreed to once; the lock goes with the transaction."""
    (token, *_) = tokens_of(work, vault, person.identities)
    who = int.from_bytes(token[:4], "big", signed=True)
    work.session.execute(_LOCK, {"lock": AdvisoryLock.CHOICES, "who": who})


def _standing(work: UnitOfWork, vault: Keyring, service: str, person: Person) -> list[Consent]:
    """Those of before there was a lock can be two for one purpose: no withdrawal may miss one."""
    tokens = tokens_of(work, vault, person.identities)
    own = select(ConsentToken.consent_id).where(ConsentToken.token.in_(tokens))
    withdrawn = exists().where(
        ConsentEvent.consent_id == Consent.id, ConsentEvent.act == ConsentAct.WITHDRAWN.value
    )
    found = select(Consent).where(
        Consent.id.in_(own),
        Consent.service == service,
        Consent.purpose.in_([purpose.value for purpose in COOKIES]),
        ~withdrawn,
    )
    return list(work.session.scalars(found))
