"""May this be sent to this address or number, for this purpose? One question for every path.

Objections come first, then withdrawals, then consents: nobody is reached by a doubt.
"""

from collections.abc import Collection, Mapping, Sequence

from privacy.consents.purposes import ConsentPurpose
from privacy.consents.standing import standings
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.identities.shapes import Identity, Way
from privacy.identities.tokens import tokens_of
from privacy.profiles import Profile, profile
from privacy.profiles.derived import derived_profiles
from privacy.profiles.parts import Objection
from privacy.restrictions.standing import restricted
from privacy.suppressions.causes import Cause
from privacy.suppressions.entries import suppressed
from privacy.suppressions.purposes import OBJECTED, Sending
from privacy.suppressions.rules import needs_consent, ruled
from privacy.suppressions.verdicts import Reason, Verdict
from privacy.vault.keyring import Keyring

_RESTRICTED = Verdict(allowed=False, reason=Reason.RESTRICTED)
_REASONS = {
    Cause.OBJECTION: Reason.OBJECTED,
    Cause.UNSUBSCRIBE: Reason.UNSUBSCRIBED,
    Cause.WITHDRAWAL: Reason.WITHDRAWN,
}


def may_send(
    work: UnitOfWork,
    vault: Keyring,
    *,
    purpose: Sending,
    to: Identity,
    services: Collection[str],
) -> Verdict:
    """Whether `purpose` may reach `to` on behalf of `services` (keys of profiles).

    Raises:
        Misconfigured: there is no such service. Invalid: telemarketing to an e-mail address.
    """
    return may_send_many(work, vault, purpose=purpose, to=[to], services=services)[0]


def may_send_many(
    work: UnitOfWork,
    vault: Keyring,
    *,
    purpose: Sending,
    to: Sequence[Identity],
    services: Collection[str],
) -> list[Verdict]:
    """`may_send` of each, in order; two queries, however many."""
    rules = derived_profiles(work, services)
    known = _of_strangers(purpose=purpose, to=to, profiles=rules)
    if ruled(purpose, rules) is not None:
        return known
    tokens = tokens_of(work, vault, to)
    stopped = suppressed(work, tokens)
    wanted = ConsentPurpose(OBJECTED[purpose])
    given = standings(work, tokens, purpose=wanted, services=services)
    standing = restricted(work, vault)
    return [
        _RESTRICTED
        if standing.has(one)
        else _judge(purpose, stopped.get(token, {}), given.get(token)) or stranger
        for one, token, stranger in zip(to, tokens, known, strict=True)
    ]


def of_strangers(
    *, purpose: Sending, to: Sequence[Identity], services: Collection[str]
) -> list[Verdict]:
    """What would be said of people who never said anything, by the services' own profiles.

    Raises as `may_send`.
    """
    return _of_strangers(purpose=purpose, to=to, profiles=[profile(key) for key in services])


def _of_strangers(
    *, purpose: Sending, to: Sequence[Identity], profiles: Collection[Profile]
) -> list[Verdict]:
    if purpose is Sending.TELEMARKETING and any(one.way is not Way.PHONE for one in to):
        raise Invalid("Telemarketing asks for telephone numbers.")
    if (rule := ruled(purpose, profiles)) is not None:
        return [rule for _ in to]
    needed = {way: needs_consent(purpose, way, profiles) for way in Way}
    free = Verdict(allowed=True, reason=Reason.NOT_OBJECTED)
    bound = Verdict(allowed=False, reason=Reason.NO_CONSENT)
    return [bound if needed[one.way] else free for one in to]


def _judge(
    purpose: Sending, stopped: Mapping[Objection, Cause], consented: bool | None
) -> Verdict | None:
    """What the person said; None who said nothing."""
    if (cause := stopped.get(OBJECTED[purpose])) is not None:
        return Verdict(allowed=False, reason=_REASONS[cause])
    if consented is None:
        return None
    reason = Reason.CONSENTED if consented else Reason.WITHDRAWN
    return Verdict(allowed=consented, reason=reason)
