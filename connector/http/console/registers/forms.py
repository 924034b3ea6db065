"""Forms of the registers. Times are UTC, as everywhere in the console."""

from typing import Final

from wtforms import (
    DateTimeLocalField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from connector.http.console.registers.words import ARRIVALS, CHANNELS, CONSENTS, OBJECTIONS
from privacy.consents.shapes import ConsentChannel
from privacy.profiles.parts import ObjectionChannel
from tenants.http.choices import choices
from tenants.http.forms import Sheet

_OFF: Final = {"autocomplete": "off"}
_FORMATS: Final = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


class WhoForm(Sheet):
    """Whose entries."""

    who = StringField(
        "E-mail address or telephone number",
        [InputRequired("Enter an address or a number."), Length(max=254)],
        description="With country code, or as dialled in Finland.",
        render_kw=_OFF,
    )


class _Person(Sheet):
    email = StringField("E-mail address", [Optional(), Length(max=254)], render_kw=_OFF)
    number = StringField(
        "Telephone number",
        [Optional(), Length(max=128)],
        description="With country code, or as dialled in Finland.",
        render_kw=_OFF | {"inputmode": "tel"},
    )
    name = StringField("Name, where it was given", [Optional(), Length(max=200)], render_kw=_OFF)


class ObjectionForm(_Person):
    """Who objects to what, and how that arrived."""

    objections = SelectMultipleField(
        "The person objects to",
        [InputRequired("Choose what the person objects to.")],
        choices=choices((one.value, words) for one, words in OBJECTIONS.items()),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    channel = RadioField(
        "It arrived by",
        [InputRequired("Choose how it arrived.")],
        choices=choices((one.value, words) for one, words in ARRIVALS.items()),
        default=ObjectionChannel.TELEPHONE.value,
    )
    at = DateTimeLocalField(
        "When it arrived (UTC)", [Optional()], format=_FORMATS, description="Empty: now."
    )


class EndForm(Sheet):
    """How the person said that it is over."""

    channel = SelectField(
        "The person said so by",
        choices=choices((one.value, words) for one, words in ARRIVALS.items()),
    )


class ConsentForm(_Person):
    """Who agreed to what, in which words."""

    service = SelectField("Service", [InputRequired("Choose a service.")])
    purpose = SelectField(
        "The person agreed to",
        choices=choices((one.value, words) for one, words in CONSENTS.items()),
    )
    wording = TextAreaField(
        "In these words",
        [InputRequired("Enter the words that were read or read out."), Length(max=4000)],
        description="Exactly as they were shown or read out.",
        render_kw={"rows": 3},
    )
    language = StringField(
        "Language", [InputRequired("For example en."), Length(max=35)], default="en"
    )
    version = StringField(
        "Version of the words",
        [InputRequired("Give the words a version."), Length(max=40)],
        description="For example 2026-1.",
    )
    channel = RadioField(
        "It was given by",
        [InputRequired("Choose how it was given.")],
        choices=choices((one.value, words) for one, words in CHANNELS.items()),
        default=ConsentChannel.TELEPHONE.value,
    )
    at = DateTimeLocalField(
        "When it was given (UTC)", [Optional()], format=_FORMATS, description="Empty: now."
    )
    evidence = StringField(
        "Where the proof is",
        [Optional(), Length(max=1000)],
        description="A form's entry, a letter's number, a recording.",
    )


class WithdrawForm(Sheet):
    """How a consent was withdrawn."""

    channel = SelectField(
        "The person said so by",
        choices=choices((one.value, words) for one, words in CHANNELS.items()),
        default=ConsentChannel.TELEPHONE.value,
    )
    evidence = StringField("Where the proof is", [Optional(), Length(max=1000)])
