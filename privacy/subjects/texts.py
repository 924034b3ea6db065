"""Reasons that go to a person: needed, tidied, and not endless."""

from typing import Final

from privacy.core.errors import Invalid

LONGEST: Final = 4000


def reasons_of(text: str) -> str:
    """What was typed, tidied. Raises Invalid."""
    plain = "\n".join(line.strip() for line in text.strip().splitlines())
    if not plain:
        raise Invalid(fields={"reasons": "Give the reasons: they go to the person."})
    if len(plain) > LONGEST:
        raise Invalid(fields={"reasons": f"Use up to {LONGEST} characters."})
    return plain
