"""One click, and no more of it (RFC 8058): a POST from the mail program, or from the page."""

from typing import Final

from flask import Response, request

from connector.http.centre.centres import Centre, found_centre, language, work_of
from connector.http.centre.keys import centre_key
from connector.http.centre.pages import page
from connector.http.centre.words import words_of
from connector.http.intake.strangers import turn_away
from privacy.core.errors import NotFound
from privacy.notices.languages import speech
from privacy.suppressions.links import UnsubscribeLink, check_link, read_link, unsubscribe_by_link
from tenants.http.access import public
from tenants.http.services import services

_REASON: Final = "Whoever has the mail may end it; the address itself is the proof."


@public(_REASON)
def unsubscribe(link: str) -> Response:
    """GET shows a button and changes nothing (scanners follow links); POST does it, no questions.

    A mail program posts `List-Unsubscribe=One-Click` and looks at the status only.
    """
    try:
        read = read_link(link)
        centre = found_centre(centre_key(read.tenant_id))
        _check(centre, read)
    except NotFound:
        turn_away()
    words = words_of(language())
    purpose = speech(language()).words["objection"][read.purpose]
    done = request.method == "POST"
    if done:
        with work_of(centre) as work:
            unsubscribe_by_link(work, services().vault, read)
    said = words["unsubscribed" if done else "unsubscribe_text"].format(purpose=purpose)
    return page("unsubscribe", centre=centre, link=link, done=done, text=said)


def _check(centre: Centre, link: UnsubscribeLink) -> None:
    with work_of(centre) as work:
        check_link(work, services().vault, link)
