"""What lists of people are asked for, in words; who objected to that is not on them (C6)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from privacy.suppressions.uses import OBJECTABLE, Use

PURPOSES: Final[Mapping[Use, str]] = MappingProxyType(
    {
        Use.DELIVERY: "Everyday work",
        Use.FUTURE_COMMUNICATION: "Future communication",
        Use.DIRECT_MARKETING: "Direct marketing",
        Use.TELEMARKETING: "Telemarketing",
        Use.MARKET_RESEARCH: "Market research",
        Use.OPINION_POLLS: "Opinion polls",
        Use.PERSONAL_RESEARCH: "Personal research",
    }
)


def purpose_of(text: str | None) -> Use:
    """What was chosen; everyday work for anything else."""
    return next((use for use in OBJECTABLE if use.value == text), Use.DELIVERY)
