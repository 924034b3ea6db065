"""What something may be sent for, a closed list (promise A13). Every sending path names one."""

from enum import StrEnum
from typing import Final

from privacy.profiles.parts import Objection


class Sending(StrEnum):
    """Purposes of sending or calling."""

    ONE_TIME_CODE = "one_time_code"
    SERVICE_MESSAGE = "service_message"
    ANSWER = "answer"
    """To what the person asked."""
    FUTURE_COMMUNICATION = "future_communication"
    DIRECT_MARKETING = "direct_marketing"
    TELEMARKETING = "telemarketing"
    MARKET_RESEARCH = "market_research"
    OPINION_POLLS = "opinion_polls"
    PERSONAL_RESEARCH = "personal_research"


ALWAYS: Final = frozenset({Sending.ONE_TIME_CODE, Sending.SERVICE_MESSAGE, Sending.ANSWER})
"""What a person asked for, or cannot do without."""

OBJECTED: Final = {
    Sending.FUTURE_COMMUNICATION: Objection.DIRECT_MARKETING,
    Sending.DIRECT_MARKETING: Objection.DIRECT_MARKETING,
    Sending.TELEMARKETING: Objection.TELEMARKETING,
    Sending.MARKET_RESEARCH: Objection.MARKET_RESEARCH,
    Sending.OPINION_POLLS: Objection.OPINION_POLLS,
    Sending.PERSONAL_RESEARCH: Objection.PERSONAL_RESEARCH,
}
"""Which objection stops a purpose; each stands on its own (promise C6)."""
