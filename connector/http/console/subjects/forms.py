"""Forms of requests. Times are UTC, as everywhere in the console."""

from typing import Final

from wtforms import (
    DateTimeLocalField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from connector.http.console.registers.words import OBJECTIONS
from connector.http.console.subjects.words import CHANNELS, GROUNDS, KINDS, METHODS
from privacy.subjects.clerks import LANGUAGES
from privacy.subjects.words import Method, RequestChannel, RequestKind
from tenants.http.choices import choices
from tenants.http.forms import Sheet

_OFF: Final = {"autocomplete": "off"}


class NewForm(Sheet):
    """Who asks for what, and how it came."""

    kind = SelectField(
        "The person asks for",
        choices=choices((one.value, words) for one, words in KINDS.items()),
        default=RequestKind.ACCESS.value,
    )
    service = SelectField("Service", [InputRequired("Choose a service.")])
    channel = RadioField(
        "It arrived by",
        choices=choices((one.value, words) for one, words in CHANNELS.items()),
        default=RequestChannel.LETTER.value,
    )
    at = DateTimeLocalField(
        "When it arrived (UTC)",
        [Optional()],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        description="The month runs from then. Empty: now.",
    )
    email = StringField(
        "E-mail address",
        [Optional(), Length(max=254)],
        description="A receipt and a code go there.",
        render_kw=_OFF,
    )
    number = StringField(
        "Telephone number",
        [Optional(), Length(max=128)],
        description="With country code, or as dialled in Finland. Calls are found by it.",
        render_kw=_OFF | {"inputmode": "tel"},
    )
    name = StringField("Name", [Optional(), Length(max=200)], render_kw=_OFF)
    language = SelectField("Language", choices=choices((one, one) for one in LANGUAGES))
    wish = TextAreaField(
        "What is to be corrected or restricted",
        [Optional(), Length(max=4000)],
        description="People carry these two out: a task for each place that holds data.",
        render_kw={"rows": 3},
    )
    objections = SelectMultipleField(
        "An objection is to",
        [Optional()],
        choices=choices((one.value, words) for one, words in OBJECTIONS.items()),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


class CodeForm(Sheet):
    """The code that the person was sent."""

    code = StringField("Code", [InputRequired("Enter the code."), Length(max=40)], render_kw=_OFF)


class MethodForm(Sheet):
    """How the person was identified."""

    method = SelectField(
        "I",
        choices=choices(
            (one.value, words) for one, words in METHODS.items() if one is not Method.CODE
        ),
    )


class TickForm(Sheet):
    """Which step was done."""

    place = IntegerField("Step", [InputRequired(), NumberRange(0, 1000)])


class ReasonsForm(Sheet):
    """Why it takes longer."""

    reasons = TextAreaField(
        "Reasons, for the person to read",
        [InputRequired("Give the reasons."), Length(max=4000)],
        render_kw={"rows": 3},
    )


class RefuseForm(Sheet):
    """Why it is refused."""

    ground = SelectField(
        "Ground", choices=choices((one.value, words) for one, words in GROUNDS.items())
    )
    because = TextAreaField(
        "Reasons, for the person to read",
        [InputRequired("Give the reasons."), Length(max=4000)],
        description="The notice adds the supervisory authority and the way to court.",
        render_kw={"rows": 3},
    )
