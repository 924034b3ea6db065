"""How long a thread is kept: from its last message on, by the tenant's profile (promise B2)."""

from datetime import date, timedelta
from typing import Final

from connector.inquiries.channels import Channel
from connector.inquiries.states import InquiryState
from privacy.core.errors import Misconfigured
from privacy.profiles import Profile

KIND: Final = "inquiries"
UNOFFICIAL_KIND: Final = "unofficial_messages"
TECHNICAL_KIND: Final = "technical_logs"

TWO_YEARS: Final = 730
"""Calendar days, where a profile gives no number of its own."""
UNOFFICIAL_DAYS: Final = 30
"""What came over somebody else's service is kept for a short time (promise D6)."""
SPAM_DAYS: Final = 30
"""Time to find out that it was none."""


def ends_on(rules: Profile, *, channel: str, state: str, last: date) -> date:
    """The first day on which a thread is gone whose last message is of the day `last`."""
    days = _days(rules, KIND, TWO_YEARS)
    if channel == Channel.UNOFFICIAL:
        days = min(days, _days(rules, UNOFFICIAL_KIND, UNOFFICIAL_DAYS))
    if state == InquiryState.SPAM:
        days = min(days, SPAM_DAYS)
    return last + timedelta(days=days)


def _days(rules: Profile, kind: str, otherwise: int) -> int:
    try:
        return rules.retention_days(kind)
    except Misconfigured:
        return otherwise
