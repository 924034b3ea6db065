"""How many forms may be sent, from one network and to one form.

Redis counts under a keyed digest of the network and the form's random id, so it holds nothing
personal. Whoever shows no proof of work has a limit of its own, and a narrow one.
"""

import hashlib
import hmac
from typing import Final

from flask import current_app, request

from connector.http.rates.callers import counter
from connector.http.rates.policies import Policy, Standing, count
from connector.inquiries.forms.refs import FormRef
from connector.inquiries.robots.proofs import bits_for
from privacy.core.errors import TooManyRequests
from tenants.limits.keys import network_of

LOOKS: Final = Policy("form-looks", 60, 60)
"""A form shown to one network: an office of people, and no harvester of challenges."""
SENT: Final = Policy("form-sent", 20, 600)
"""Sent from one network with proof of work."""
UNPROVED: Final = Policy("form-unproved", 3, 3600)
"""Sent from one network without it: a person without scripts sends one or two."""
UNPROVED_FORM: Final = Policy("form-unproved-all", 60, 3600)
"""Sent to one form without it, from everywhere."""
MADE: Final = Policy("form-made", 2**31, 600)
"""Challenges made for a form lately; it refuses nobody, the work grows with it."""


class SentTooOften(TooManyRequests):
    """More than a person sends."""

    code = "sent_too_often"
    message = "Too many forms were sent from your network. Wait a while, then send it again."


def difficulty(form: FormRef) -> int:
    """Count a look, and say how hard the work is that comes with it. Raises TooManyRequests."""
    count(counter(), LOOKS, _network(form)).refuse_excess()
    return bits_for(count(counter(), MADE, str(form.id)).counted.count)


def count_sent(form: FormRef, *, proved: bool) -> None:
    """Count one form that is about to be taken. Raises SentTooOften."""
    if proved:
        _refuse(count(counter(), SENT, _network(form)))
        return
    _refuse(count(counter(), UNPROVED, _network(form)))
    _refuse(count(counter(), UNPROVED_FORM, str(form.id)))


def _refuse(standing: Standing) -> None:
    if standing.exceeded:
        raise SentTooOften(retry_after=standing.counted.seconds_left)


def _network(form: FormRef) -> str:
    key = str(current_app.secret_key).encode()
    who = f"form\0{form.id}\0{network_of(request.remote_addr or '')}".encode()
    return hmac.new(key, who, hashlib.sha256).hexdigest()[:24]
