"""Lists by pages: what somebody looks for, where a page goes on, and what was chosen."""

import uuid
from enum import StrEnum
from typing import Any, Final, TypeVar

from flask import request, url_for
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from privacy.core.errors import Invalid
from tenants.http.forms import Sheet

PAGE: Final = 50
W = TypeVar("W", bound=StrEnum)


class WordsForm(Sheet):
    """Some letters of a name. Posted: a name may be somebody's."""

    words = StringField(
        "Name",
        [
            InputRequired("Enter some letters of the name."),
            Length(max=120, message="Use up to 120 characters."),
        ],
        render_kw={"autocomplete": "off", "type": "search"},
    )


def chosen(name: str, kind: type[W]) -> W | None:
    """The word in the address, from a closed list. Raises Invalid for any other."""
    text = request.args.get(name)
    try:
        return kind(text) if text else None
    except ValueError:
        raise Invalid from None


def place() -> uuid.UUID | None:
    """The id after which the page begins. Raises Invalid for what is none."""
    text = request.args.get("after")
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        raise Invalid from None


def turns_of(endpoint: str, last: object | None, **more: str | None) -> dict[str, str | None]:
    """Where the first page and the next are; `last` None: there is none."""
    kept: dict[str, Any] = {name: text for name, text in more.items() if text}
    return {
        "first": url_for(endpoint, **kept) if request.args.get("after") else None,
        "more": url_for(endpoint, after=last, **kept) if last is not None else None,
    }
