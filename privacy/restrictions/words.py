"""Closed lists of restrictions."""

from enum import StrEnum


class RestrictionGround(StrEnum):
    """Why processing is restricted (Art. 18(1)(a) to (d))."""

    ACCURACY = "accuracy_contested"
    UNLAWFUL = "unlawful"
    CLAIMS = "needed_for_claims"
    OBJECTION = "objection_pending"
    """Until it is decided whose grounds weigh more (Art. 21(1))."""
    UPHELD = "objection_upheld"
    """The objection was right: nothing is processed any more."""
