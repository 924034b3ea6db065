"""The authority that a notice names, with its country in the notice's own language."""

from privacy.notices.languages import Speech
from privacy.subjects.authorities import AUTHORITIES


def authority_of(country: str, speech: Speech) -> str:
    """Name and address (GDPR Art. 13(2)(d)); the country by name where we know no authority."""
    known = AUTHORITIES.get(country)
    if known is None:
        return speech.country(country)
    return f"{known.name}, {known.address}"
