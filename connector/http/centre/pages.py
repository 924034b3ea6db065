"""What all pages of the centre share: the frame, the refusals, the form's check."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, make_response, render_template

from connector.http.centre.centres import Centre, language
from connector.http.centre.words import NAMES, complaint, words_of
from connector.http.console.problems import translate
from privacy.core.errors import SiltaError
from privacy.notices.languages import speech
from tenants.http.requests import request_id


def page(
    template: str, *, status: int = 200, centre: Centre | None = None, **given: Any
) -> Response:
    """A page of the centre in the reader's language."""
    spoken = language()
    text = render_template(
        f"centre/{template}.html",
        words=words_of(spoken),
        language=spoken,
        languages=NAMES,
        centre=centre,
        day=_day(spoken),
        **given,
    )
    return make_response(text, status)


def refused(words: Mapping[str, str], refusal: SiltaError | None) -> str:
    """What went wrong, in the reader's language."""
    if refusal is None:
        return ""
    if refusal.code in words:
        return words[refusal.code]
    if int(refusal.status) == 429:
        return words["too_often"]
    return words["unavailable"] if int(refusal.status) == 503 else words["correct"]


def complaints(words: Mapping[str, str], refusal: SiltaError | None) -> dict[str, str]:
    """What is wrong with which field."""
    fields = refusal.details.get("fields") if refusal is not None else None
    if not isinstance(fields, dict):
        return {}
    return {_shown(str(name)): complaint(words, str(name)) for name in fields}


def render_problem(error: Exception) -> Response:
    """The page that answers an error of the centre."""
    told = translate(error)
    words = words_of(language())
    missing = int(told.status) == 404
    answer = page(
        "problem",
        status=int(told.status),
        heading=words["nowhere" if missing else "problem"],
        text=words["nowhere_text"] if missing else refused(words, told),
        number=request_id(),
    )
    wait = told.details.get("retry_after")
    if wait is not None:
        answer.headers["Retry-After"] = str(wait)
    return answer


def _shown(name: str) -> str:
    shown = {"number": "telephone", "objections": "chosen", "wish_card": "wish"}
    return shown.get(name, name)


def _day(spoken: str) -> Any:
    def say(day: date) -> str:
        return speech(spoken).day(day)

    return say
