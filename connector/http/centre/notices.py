"""Read: the centre's front, the notice, its versions and what they changed, the cookies."""

from typing import Final

from flask import Response

from connector.http.centre.centres import Centre, found_centre, language, work_of
from connector.http.centre.keys import SERVICES
from connector.http.centre.pages import page
from privacy.core.errors import NotFound
from privacy.notices.languages import speech
from privacy.notices.publish import newest
from privacy.notices.read import (
    NoticeView,
    current_notice,
    digested_bytes,
    list_notices,
    notice_of,
)
from privacy.profiles import Profile
from tenants.http.access import public
from tenants.http.services import services as running

_LONGEST_NUMBER: Final = 6
_REASON: Final = "A privacy notice is for everybody (GDPR Art. 12 to 14)."


@public(_REASON)
def services() -> Response:
    """The services of this installation, and their own notices."""
    centre = found_centre(SERVICES)
    return page("front", centre=centre, heads=_heads(centre))


@public(_REASON)
def front(centre_key: str) -> Response:
    """What can be read and done here."""
    centre = found_centre(centre_key)
    return page("front", centre=centre, heads=_heads(centre))


@public(_REASON)
def notice(centre_key: str, slug: str) -> Response:
    """The notice that counts."""
    centre = found_centre(centre_key)
    rules = centre.service(slug)
    with work_of(centre) as work:
        view = current_notice(work, running().vault, rules=rules, organisation=centre.organisation)
    return _notice(centre, rules, view, current=True)


@public(_REASON)
def versions(centre_key: str, slug: str) -> Response:
    """All of them, the latest first."""
    centre = found_centre(centre_key)
    rules = centre.service(slug)
    with work_of(centre) as work:
        heads = list_notices(work, rules=rules, organisation=centre.organisation)
    return page("versions", centre=centre, rules=rules, heads=heads)


@public(_REASON)
def version(centre_key: str, slug: str, number: str) -> Response:
    """One version, as it was shown, and what it changed."""
    centre = found_centre(centre_key)
    rules = centre.service(slug)
    with work_of(centre) as work:
        name = centre.organisation
        view = notice_of(
            work, running().vault, rules=rules, organisation=name, number=_number(number)
        )
        latest = newest(work, rules.key)
    current = latest is None or latest.number == view.head.number
    return _notice(centre, rules, view, current=current)


@public(_REASON)
def digested(centre_key: str, slug: str, number: str) -> Response:
    """The bytes whose SHA-256 stands at the end of a version: whoever wants can take it anew."""
    centre = found_centre(centre_key)
    rules = centre.service(slug)
    with work_of(centre) as work:
        found = digested_bytes(work, running().vault, service=rules.key, number=_number(number))
    return Response(found, mimetype="application/octet-stream")


@public(_REASON)
def cookies(centre_key: str, slug: str) -> Response:
    """Which cookies there may be, by category, and that each but the essential waits (D4)."""
    centre = found_centre(centre_key)
    rules = centre.service(slug)
    return page("cookies", centre=centre, rules=rules, speech=speech(language()))


def _number(text: str) -> int:
    """A version's number. Raises NotFound for what is none."""
    if not (text.isascii() and text.isdecimal()) or len(text) > _LONGEST_NUMBER:
        raise NotFound
    return int(text)


def _notice(centre: Centre, rules: Profile, view: NoticeView, *, current: bool) -> Response:
    spoken = language()
    return page(
        "notice",
        centre=centre,
        rules=rules,
        head=view.head,
        document=view.texts[spoken],
        differences=view.differences.get(spoken, ()),
        current=current,
    )


def _heads(centre: Centre) -> dict[str, NoticeView]:
    with work_of(centre) as work:
        name = centre.organisation
        vault = running().vault
        return {
            one.key: current_notice(work, vault, rules=one, organisation=name)
            for one in centre.rules
        }
