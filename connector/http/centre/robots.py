"""Proof against robots on the centre's forms (promise D7), and how often they may be sent.

There is no session and no cookie that a foreign page could ride on, so there is nothing for a
token against cross-site requests to protect (ADR 0027). What remains is a flood: the challenge
of every public form, and limits by network, by address and by reference.
"""

import hashlib
import hmac
import uuid
from typing import Final

from flask import current_app, request

from connector.http.centre.centres import Centre, work_of
from connector.http.rates.callers import counter
from connector.http.rates.policies import Policy, count
from connector.inquiries.robots.challenges import ChallengeExpired, ChallengeRefused, make_challenge
from connector.inquiries.robots.judge import Evidence, NoProof, Verdict, judge
from connector.inquiries.robots.proofs import bits_for
from connector.inquiries.robots.spend import spend
from privacy.core.db.work import UnitOfWork
from tenants.http.services import services
from tenants.limits.keys import network_of

LOOKS: Final = Policy("centre-looks", 120, 60)
MADE: Final = Policy("centre-made", 2**31, 600)
"""Challenges made for a centre lately; the work grows with it, nobody is refused."""
SENT: Final = Policy("centre-sent", 20, 3600)
"""From one network: a person sends one or two."""
UNPROVED: Final = Policy("centre-unproved", 6, 3600)
CODES: Final = Policy("centre-codes", 30, 3600)
"""Codes tried from one network."""
CODES_FOR: Final = Policy("centre-codes-for", 20, 3600)
"""Codes tried for one reference, from wherever."""
MAILED: Final = Policy("centre-mailed", 4, 3600)
"""Codes mailed to one address, whoever asks for them."""
CALLED: Final = Policy("centre-called", 2, 86400)
"""Requests that one number be called: nobody has somebody else rung up all day."""
CALLED_ALL: Final = Policy("centre-called-all", 30, 3600)
"""The same from everywhere: people make these calls, and letters and mail are taken besides."""
CHOICES: Final = Policy("centre-choices", 60, 600)
"""Choices of cookies from one network: an office of visitors, and nobody who fills a register."""
CHOICES_ALL: Final = Policy("centre-choices-all", 6000, 600)
"""Consents to be recorded for one centre, from everywhere: what is not recorded is not agreed to,
and nothing runs. Taking back is never counted here."""
ANEW: Final = (ChallengeExpired, ChallengeRefused, NoProof)


def new_challenge(centre: Centre, notice: str) -> tuple[str, int]:
    """A challenge and how hard it is. Raises TooManyRequests."""
    count_look(centre)
    bits = bits_for(count(counter(), MADE, str(centre.tenant_id)).counted.count)
    with work_of(centre) as work:
        form_id = _form_id(centre.tenant_id)
        made = make_challenge(work, services().vault, form_id=form_id, bits=bits, notice=notice)
    return made, bits


def count_look(centre: Centre) -> None:
    """Count a look that costs more than a page. Raises TooManyRequests."""
    count(counter(), LOOKS, _key(centre, "network")).refuse_excess()


def count_choice(centre: Centre) -> None:
    """Count choices of cookies that are about to be recorded. Raises TooManyRequests."""
    count(counter(), CHOICES, _key(centre, "network")).refuse_excess()


def count_agreed(centre: Centre) -> None:
    """Count consents that are about to be recorded. Raises TooManyRequests."""
    count(counter(), CHOICES_ALL, _key(centre, "choices")).refuse_excess()


def check_robot(centre: Centre) -> Verdict:
    """Judge what was posted, and count it. Raises as `judge`; TooManyRequests."""
    typed = request.form
    evidence = Evidence(
        typed.get("challenge", ""), typed.get("proof", ""), typed.get("website", "")
    )
    with work_of(centre) as work:
        form_id = _form_id(centre.tenant_id)
        verdict = judge(
            work, services().vault, form_id=form_id, evidence=evidence, proof_only=False
        )
    policy = SENT if verdict.proved else UNPROVED
    count(counter(), policy, _key(centre, "network")).refuse_excess()
    return verdict


def use_up(work: UnitOfWork, verdict: Verdict) -> None:
    """In the transaction that takes what came with it. Raises AlreadySent."""
    spend(work, verdict.challenge)


def count_mailed(centre: Centre, address: str) -> None:
    """Count a code that is about to be mailed. Raises TooManyRequests."""
    count(counter(), MAILED, _key(centre, address.strip().lower())).refuse_excess()


def count_called(centre: Centre, number: str) -> None:
    """Count a number that somebody is about to have called. Raises TooManyRequests."""
    count(counter(), CALLED, _key(centre, number)).refuse_excess()
    count(counter(), CALLED_ALL, _key(centre, "called")).refuse_excess()


def count_code(centre: Centre, about: str) -> None:
    """Count a code that is about to be tried. Raises TooManyRequests."""
    count(counter(), CODES, _key(centre, "network")).refuse_excess()
    count(counter(), CODES_FOR, _key(centre, about)).refuse_excess()


def _form_id(tenant_id: uuid.UUID) -> uuid.UUID:
    """Challenges of one centre open no other, and no form."""
    return uuid.uuid5(tenant_id, "privacy centre")


def _key(centre: Centre, about: str) -> str:
    """A keyed digest: Redis holds nothing personal."""
    secret = str(current_app.secret_key).encode()
    what = network_of(request.remote_addr or "") if about == "network" else about[:300]
    message = f"centre\0{centre.tenant_id}\0{what}".encode("utf-8", "surrogatepass")
    return hmac.new(secret, message, hashlib.sha256).hexdigest()[:24]
