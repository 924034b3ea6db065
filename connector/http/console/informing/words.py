"""How people were informed, in words."""

from collections.abc import Mapping
from typing import Final

from connector.informing.words import Exempt, How

INFORMED: Final[Mapping[str, str]] = {
    How.MAIL: "Informed by e-mail",
    How.LETTER: "Informed by letter",
    How.CONTRACT: "Informed in a contract",
    How.ANNOUNCEMENT: "Informed by an announcement before the call",
    How.WEBSITE: "Informed on our web site, where they come from",
}
EXEMPT: Final[Mapping[str, str]] = {
    Exempt.KNOWN: "Exempt: they have the information already (Art. 14(5)(a))",
    Exempt.EFFORT: "Exempt: impossible or disproportionate; published instead (Art. 14(5)(b))",
    Exempt.LAW: "Exempt: a law lays it down (Art. 14(5)(c))",
    Exempt.SECRECY: "Exempt: professional secrecy (Art. 14(5)(d))",
}
ALL: Final[Mapping[str, str]] = {**INFORMED, **EXEMPT}


def how_of(word: str) -> How | Exempt:
    """What a form's word means. Raises ValueError for another one."""
    return How(word) if word in set(How) else Exempt(word)
