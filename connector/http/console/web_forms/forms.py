"""The form that makes a form."""

import uuid
from collections.abc import Iterable
from typing import Any

from wtforms import (
    EmailField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    URLField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from connector.free_fields.kinds import About
from connector.free_fields.models import FreeField
from connector.http.console.inquiries.words import CHANNELS
from connector.inquiries.channels import ON_PAGES, Channel
from connector.inquiries.declared import TYPED
from connector.inquiries.forms.change import ALWAYS, LANGUAGES, FormSettings
from connector.inquiries.forms.models import WebForm
from tenants.http.choices import choices
from tenants.http.forms import Sheet

_LABELS = {
    "email": "E-mail address",
    "telephone": "Telephone number",
    "company": "Company",
    "topic": "What it is about",
}
ABOUT_WORDS = {About.INQUIRY: "inquiries", About.REGISTRATION: "registrations"}
_TONGUES = {"en": "English", "fi": "Finnish", "sv": "Swedish", "de": "German"}


def _several(label: str, default: list[str], description: str = "") -> SelectMultipleField:
    return SelectMultipleField(
        label,
        choices=choices((name, _LABELS[name]) for name in TYPED if name not in ALWAYS),
        default=default,
        description=description,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


def _own(label: str) -> SelectMultipleField:
    """Its choices are what the tenant declared, set when the page is made."""
    return SelectMultipleField(
        label,
        choices=[],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


class WebFormForm(Sheet):
    """What a tenant chooses of a form."""

    name = StringField(
        "Name",
        [InputRequired("Give the form a name."), Length(max=120)],
        description="As you call it, for example “Contact page”.",
    )
    service = SelectField("Service", [InputRequired()])
    purpose = RadioField(
        "It takes",
        choices=choices(
            (("inquiry", "Inquiries"), ("registration", "Registrations: with an account"))
        ),
        default="inquiry",
    )
    channel = SelectField(
        "Kind", choices=choices((channel.value, CHANNELS[channel]) for channel in ON_PAGES)
    )
    language = SelectField(
        "Language", choices=choices((code, _TONGUES[code]) for code in LANGUAGES)
    )
    fields = _several(
        "Besides name and message it asks for",
        ["email", "telephone"],
        "Only what the privacy policy of the service declares.",
    )
    required = _several("Of these must be filled in", [])
    own_fields = _own("It asks for these fields of your own, too")
    own_required = _own("Of your own fields must be filled in")
    origins = TextAreaField(
        "Pages that may embed it",
        [Length(max=4000)],
        description="One origin a line, like https://www.example.com. Empty: only the hosted page.",
        render_kw={"rows": 3},
    )
    notice_url = URLField(
        "Address of your privacy notice",
        [InputRequired("The form must lead to the notice (GDPR Art. 13)."), Length(max=500)],
    )
    answers_to = EmailField(
        "Replies to your answers go to", [Length(max=254)], description="A mailbox of yours."
    )
    conditions_url = URLField("Address of your conditions", [Length(max=500)])
    conditions_version = StringField("Their version", [Length(max=40)])
    level_url = URLField("Address of your service level", [Length(max=500)])
    level_version = StringField("Its version", [Length(max=40)])


def offer_own(form: WebFormForm, fields: Iterable[FreeField]) -> None:
    """Let the tenant choose among the fields that it declared on inquiries and registrations."""
    on = {one.value: word for one, word in ABOUT_WORDS.items()}
    listed = [(str(one.id), f"{one.label} ({on[one.about]})") for one in fields if one.about in on]
    form.own_fields.choices = form.own_required.choices = listed


def settings_of(form: WebFormForm) -> FormSettings:
    """What was chosen."""
    return FormSettings(
        name=form.name.data or "",
        service=form.service.data or "",
        purpose=form.purpose.data or "inquiry",
        channel=Channel(form.channel.data),
        language=form.language.data or "en",
        fields=tuple(form["fields"].data or ()),
        required=tuple(form.required.data or ()),
        own_fields=tuple(map(uuid.UUID, form.own_fields.data or ())),
        own_required=tuple(map(uuid.UUID, form.own_required.data or ())),
        origins=(form.origins.data or "").split(),
        notice_url=(form.notice_url.data or "").strip(),
        answers_to=(form.answers_to.data or "").strip(),
        conditions_url=(form.conditions_url.data or "").strip(),
        conditions_version=(form.conditions_version.data or "").strip(),
        level_url=(form.level_url.data or "").strip(),
        level_version=(form.level_version.data or "").strip(),
    )


def filled(row: WebForm, answers_to: str) -> dict[str, Any]:
    """The present settings, for the form that changes them."""
    return {
        "name": row.name,
        "service": row.service,
        "purpose": row.purpose,
        "channel": row.channel,
        "language": row.language,
        "fields": list(row.fields),
        "required": list(row.required),
        "own_fields": list(map(str, row.own_fields)),
        "own_required": list(map(str, row.own_required)),
        "origins": "\n".join(row.origins),
        "notice_url": row.notice_url,
        "answers_to": answers_to,
        "conditions_url": row.conditions_url or "",
        "conditions_version": row.conditions_version or "",
        "level_url": row.level_url or "",
        "level_version": row.level_version or "",
    }
