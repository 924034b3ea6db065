"""What the profiles say about a purpose, before anybody's own wish is looked at. Pure."""

from collections.abc import Collection

from privacy.core.db.declarations import Purpose
from privacy.identities.shapes import Way
from privacy.profiles import Profile
from privacy.suppressions.purposes import ALWAYS, Sending
from privacy.suppressions.verdicts import Reason, Verdict


def ruled(purpose: Sending, profiles: Collection[Profile]) -> Verdict | None:
    """What holds for everybody; None where it depends on the person.

    Of several services the strictest decides: whoever sends for one alone names it alone.
    """
    if purpose in ALWAYS:
        return Verdict(allowed=True, reason=Reason.ALWAYS)
    if purpose is Sending.FUTURE_COMMUNICATION:
        declared = [_declares(one, Purpose.FUTURE) for one in profiles]
        return None if declared and all(declared) else Verdict(False, Reason.NOT_DECLARED)
    if not profiles or any(one.no_marketing for one in profiles):
        return Verdict(allowed=False, reason=Reason.NO_MARKETING)
    return None


def needs_consent(purpose: Sending, way: Way, profiles: Collection[Profile]) -> bool:
    """Whether nothing goes without a consent: electronic marketing (Directive 2002/58/EC,
    Art. 13(1); promise C10), and everything where the profile says so."""
    if purpose is Sending.FUTURE_COMMUNICATION:
        return False
    electronic = way is Way.EMAIL or purpose is Sending.DIRECT_MARKETING
    return electronic or any(one.marketing.stance == "consent" for one in profiles)


def _declares(one: Profile, purpose: Purpose) -> bool:
    return any(purpose in kind.purposes for kind in one.data)
