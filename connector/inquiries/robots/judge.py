"""Is it a person's? The checks that come with a form, in the order of their cost.

Two ways are open. With a script the page solves the proof of work while the person types. Without
one the same page can be sent after a quarter of a minute, and so only a few times an hour from
one network (the limits stand in connector.http.forms.limits). Nobody is shown a picture puzzle.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from connector.inquiries.robots.challenges import Challenge, read_challenge
from connector.inquiries.robots.proofs import is_proof
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.vault.keyring import Keyring

SOONEST: Final = timedelta(seconds=2)
"""Nobody reads and fills in a form faster."""
SOONEST_WITHOUT_PROOF: Final = timedelta(seconds=15)


class TrapFilled(Invalid):
    """The field that people do not see has something in it."""

    code = "trap_filled"
    message = (
        "A field that is meant to stay empty was filled in, perhaps by your browser. "
        "Empty the last field and send the form again."
    )


class TooSoon(Invalid):
    """Faster than a person types."""

    code = "too_soon"
    message = "That was very fast. Wait a few seconds, then send the form again."


class NoProof(Invalid):
    """There is no proof of work, or it is wrong."""

    code = "proof_needed"
    message = "The check that you are not a robot is not done yet. Wait a moment and send it again."


@dataclass(frozen=True, slots=True)
class Evidence:
    """What came along with a form. `number` empty: the page had no script."""

    challenge: str
    number: str = ""
    trap: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A challenge that may be spent, and whether work was shown for it."""

    challenge: Challenge
    proved: bool


def judge(
    work: UnitOfWork,
    vault: Keyring,
    *,
    form_id: uuid.UUID,
    evidence: Evidence,
    proof_only: bool,
) -> Verdict:
    """Whether this may be a person's.

    Args:
        proof_only: programs that embed the form have a script, so they must show the work.

    Raises:
        TrapFilled, ChallengeRefused, ChallengeExpired, TooSoon, NoProof: each says what to do.
    """
    if evidence.trap.strip():
        raise TrapFilled
    challenge = read_challenge(work, vault, form_id=form_id, text=evidence.challenge)
    age = work.now - challenge.made_at
    if evidence.number or proof_only:
        if not is_proof(evidence.challenge, evidence.number, bits=challenge.bits):
            raise NoProof
        if age < SOONEST:
            raise TooSoon(retry_after=2)
        return Verdict(challenge, proved=True)
    if age < SOONEST_WITHOUT_PROOF:
        raise TooSoon(retry_after=int(SOONEST_WITHOUT_PROOF.total_seconds()))
    return Verdict(challenge, proved=False)
