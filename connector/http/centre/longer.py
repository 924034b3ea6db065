"""May contact data be kept longer? The page behind the mailed link; only pressing answers (B2)."""

from typing import Final

from flask import Response, request

from connector.http.centre.centres import found_centre, language, work_of
from connector.http.centre.pages import page
from connector.http.centre.words import words_of
from connector.http.intake.strangers import turn_away
from connector.inquiries.longer import allow_longer, find_asked, refuse_longer
from privacy.consents.shapes import Wording
from privacy.core.errors import NotFound
from tenants.http.access import public
from tenants.http.services import services

_REASON: Final = "Whoever has the mail may answer it; its link cannot be guessed and works once."
VERSION: Final = "1"
"""Of the words that are agreed to; a change of them is a new version."""


@public(_REASON)
def keep(centre_key: str, token: str) -> Response:
    """GET shows two buttons and changes nothing; POST does what was pressed."""
    centre, words = found_centre(centre_key), words_of(language())
    answer = request.form.get("answer", "") if request.method == "POST" else ""
    try:
        with work_of(centre) as work:
            ends = find_asked(work, token).ends_on
            if answer == "yes":
                said = Wording(words["longer_agreed"], language(), VERSION)
                allow_longer(work, services().vault, token=token, wording=said)
            elif answer == "no":
                refuse_longer(work, token=token)
    except NotFound:
        turn_away()
    told = {"yes": "longer_kept", "no": "longer_gone"}.get(answer)
    if told is not None:
        return page("done", centre=centre, text=words[told])
    return page("longer", centre=centre, token=token, ends=ends)
