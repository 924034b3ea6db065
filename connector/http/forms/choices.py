"""Consent choices for tenants' own sites: /forms/v1/choices/{centre}/{service}, and one script.

The page elsewhere asks what there is to agree to, and sends what was chosen: a random id of the
visitor's browser and the categories, nothing else (promises D4, D5).
"""

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from flask import Response, g, request, url_for
from msgspec import Meta

from connector.http.api.answers import answer
from connector.http.api.inputs import read_json
from connector.http.api.registers.wanted import Visitor
from connector.http.centre.centres import Centre, found_centre, language, work_of
from connector.http.centre.robots import count_agreed, count_choice, count_look
from connector.http.centre.words import words_of
from privacy.consents.choose import choose_cookies
from privacy.consents.purposes import COOKIES, ConsentPurpose
from privacy.consents.shapes import Wording
from privacy.core.errors import Conflict
from privacy.notices.languages import LANGUAGES, speech
from privacy.profiles import Profile
from tenants.http.access import public
from tenants.http.services import services

_REASON: Final = "Visitors of a tenant's site choose by themselves; a random id is all that comes."
_SCRIPT: Final = Path(__file__).parent / "scripts" / "consent.js"
_ORIGIN: Final = re.compile(r"https?://[A-Za-z0-9.\[\]:-]{1,255}")
_SAID: Final = ("title", "lead", "none", "chosen", "all", "more", "open", "unavailable")


class WordsChanged(Conflict):
    """The policy was changed since the page was loaded."""

    code = "words_changed"
    message = "The words have changed. Load them anew, and ask again."


class Category(msgspec.Struct, frozen=True):
    """One category, and what is agreed to."""

    key: str
    name: str
    wording: str


class Choices(msgspec.Struct, frozen=True):
    """What a page shows. `version` changes with the privacy policy: then people are asked anew."""

    language: str
    version: str
    words: dict[str, str]
    categories: list[Category]
    notice: str
    cookies: str


class Chosen(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Everything that is agreed to from now on; what is not named is not agreed to."""

    visitor: Visitor
    categories: Annotated[list[str], Meta(max_length=10)]
    version: Annotated[str, Meta(max_length=40)]
    language: Annotated[str, Meta(max_length=10)] = "en"


class Recorded(msgspec.Struct, frozen=True):
    """How many consents the register got, and how many ended in it."""

    given: int
    withdrawn: int


@public(_REASON)
def choices(centre_key: str, slug: str) -> Response:
    """What there is to agree to, and what was chosen."""
    origin = request.headers.get("Origin", "")
    g.cross_origin = origin if _ORIGIN.fullmatch(origin) else None
    if request.method == "OPTIONS":
        return Response(status=204)
    centre = found_centre(centre_key)
    rules = centre.service(slug)
    if request.method == "GET":
        count_look(centre)
        return answer(_shown(centre, rules, language()))
    return _take(centre, rules, read_json(Chosen))


def _take(centre: Centre, rules: Profile, said: Chosen) -> Response:
    count_choice(centre)
    if said.version != _version(rules):
        raise WordsChanged
    spoken = said.language if said.language in LANGUAGES else "en"
    texts = {one.key: one.wording for one in _categories(rules, spoken)}
    agreed = {
        ConsentPurpose(f"cookies_{key}"): Wording(texts[key], spoken, said.version)
        for key in dict.fromkeys(said.categories)
        if key in texts
    }
    if agreed:
        count_agreed(centre)
    with work_of(centre) as work:
        given, withdrawn = choose_cookies(
            work, services().vault, service=rules.key, visitor=said.visitor, agreed=agreed
        )
    return answer(Recorded(given, withdrawn))


def _shown(centre: Centre, rules: Profile, spoken: str) -> Choices:
    words, site = words_of(spoken), services().settings.public_url
    at: dict[str, Any] = {"centre_key": centre.key, "slug": rules.slug, "lang": spoken}
    return Choices(
        language=spoken,
        version=_version(rules),
        words={name: words[f"choices_{name}"] for name in _SAID},
        categories=_categories(rules, spoken),
        notice=site + url_for("centre.notice", **at),
        cookies=site + url_for("centre.cookies", **at),
    )


def _categories(rules: Profile, spoken: str) -> list[Category]:
    says, agree = speech(spoken), words_of(spoken)["choices_agree"]
    found = []
    for one in COOKIES.values():
        if one in rules.cookie_policy.categories:
            name = says.say("cookie", one.value)
            found.append(Category(one.value, name, agree.format(category=name)))
    return found


def _version(rules: Profile) -> str:
    return rules.policy.dated.isoformat()


@public("a script of ours that everybody gets, without data")
def consent_script() -> Response:
    """The script that asks, and lets run what was agreed to."""
    return Response(_script(), mimetype="text/javascript")


@cache
def _script() -> bytes:
    return _SCRIPT.read_bytes()
