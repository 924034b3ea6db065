"""Forms of requests. Times are UTC, as everywhere in the console."""

from typing import Final

from wtforms import (
    DateField,
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
from connector.http.console.subjects.words import CHANNELS, GROUNDS, HOLDABLE, KINDS, METHODS
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
        "What is to be corrected or restricted, or why the person objects",
        [Optional(), Length(max=4000)],
        description="In their words. Corrections that are named below are made by themselves.",
        render_kw={"rows": 3},
    )
    new_name = StringField("The name is", [Optional(), Length(max=200)], render_kw=_OFF)
    new_email = StringField("The address is", [Optional(), Length(max=254)], render_kw=_OFF)
    new_number = StringField(
        "The number is",
        [Optional(), Length(max=128)],
        description="Of a rectification: what is to stand in place of what is on file.",
        render_kw=_OFF | {"inputmode": "tel"},
    )
    new_company = StringField("The company is", [Optional(), Length(max=200)], render_kw=_OFF)
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


class ProofForm(Sheet):
    """Why it is doubtful who asks."""

    doubt = TextAreaField(
        "Why you doubt, and what would prove it, for the person to read",
        [InputRequired("Give the reasons."), Length(max=4000)],
        description="The time limit pauses until there is proof, and for nothing else.",
        render_kw={"rows": 3},
    )


class DocumentForm(Sheet):
    """A document that shows who asks; the file itself is beside the form's fields."""


class CalledForm(Sheet):
    """What the person said when the number on file was called."""

    said = StringField(
        "Code that they told you",
        [InputRequired("Enter the code."), Length(max=40)],
        description="They were shown it when they asked. Call the number on file.",
        render_kw=_OFF,
    )


class OrderForm(Sheet):
    """What an authority ordered."""

    due = DateField("To be carried out by", [InputRequired("Give the day that it set.")])
    order = TextAreaField(
        "Authority, reference, and what it ordered",
        [InputRequired("Say what was ordered."), Length(max=4000)],
        render_kw={"rows": 3},
    )


class DecideForm(Sheet):
    """Whose grounds weigh more."""

    outcome = RadioField(
        "The objection is",
        [InputRequired("Choose one.")],
        choices=choices(
            (
                ("upheld", "Upheld: the data is processed no more"),
                ("overridden", "Overridden: compelling grounds weigh more"),
            )
        ),
    )
    why = TextAreaField(
        "Reasons, for the person to read",
        [InputRequired("Give the reasons."), Length(max=4000)],
        render_kw={"rows": 3},
    )


class LiftForm(Sheet):
    """Why a restriction ends."""

    ending = TextAreaField(
        "Why it ends, for the person to read",
        [InputRequired("Give the reasons."), Length(max=4000)],
        description="It ends when this notice has gone out (Art. 18(3)).",
        render_kw={"rows": 3},
    )


class HoldForm(Sheet):
    """Which row is held, and why."""

    relation = SelectField(
        "What", choices=choices((one.value, words) for one, words in HOLDABLE.items())
    )
    row_id = StringField(
        "Its id",
        [InputRequired("Enter the id."), Length(max=40)],
        description="As in the address of its page.",
        render_kw=_OFF,
    )
    reason = TextAreaField(
        "Why", [InputRequired("Give the reason."), Length(max=1000)], render_kw={"rows": 2}
    )


class KindForm(Sheet):
    """What the request asks for, read again."""

    regarded = SelectField(
        "It asks for",
        choices=choices(
            (one.value, words) for one, words in KINDS.items() if one is not RequestKind.OBJECTION
        ),
    )
