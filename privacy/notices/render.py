"""Render a notice from a profile. There is no other source: what is not in the profile is not said.

Each part of the profile has its paragraph in `sections_*`; this file puts them in order.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from privacy.notices import sections_of_data as data
from privacy.notices import sections_of_others as others
from privacy.notices import sections_of_people as people
from privacy.notices.documents import Block, Document, Section
from privacy.notices.languages import speech
from privacy.notices.saying import Saying
from privacy.profiles.model import Profile

_PARTS: Final[tuple[tuple[str, Callable[[Saying], list[Block]]], ...]] = (
    ("who", people.who),
    ("whose", people.whose),
    ("kept", data.kept),
    ("marketing", people.marketing),
    ("cookies", data.cookies),
    ("receivers", others.receivers),
    ("disclosures", others.disclosures),
    ("place", data.place),
    ("security", data.security),
    ("registration", people.registration),
    ("documents", people.documents),
    ("unofficial", people.unofficial),
    ("rights", people.rights),
    ("changes", people.changes),
)


@dataclass(frozen=True, slots=True)
class Version:
    """Which version a notice is: its number, and the day of its date."""

    number: int
    dated: date


def render_notice(
    rules: Profile, *, language: str, version: Version, organisation: str = ""
) -> Document:
    """The notice of a profile in one language; parts that it has nothing to say of are left out.

    Args:
        organisation: the tenant whose notice it is; empty for the service's own.
    """
    spoken = speech(language)
    saying = Saying(rules, spoken, version.number, version.dated, organisation)
    names = {
        "service": rules.service,
        "controller": rules.controller.name,
        "organisation": organisation,
    }
    sections = [
        Section(key, spoken.say(key, "heading"), blocks)
        for key, part in _PARTS
        if (blocks := part(saying))
    ]
    return Document(
        spoken.language,
        spoken.say("say", "title", **names),
        spoken.say("say", "lead_organisation" if organisation else "lead", **names),
        sections,
    )
