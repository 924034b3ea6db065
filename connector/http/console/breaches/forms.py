"""Forms of the register of breaches. Times are UTC."""

from typing import Final

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from connector.http.console.breaches.exposures import FORMATS, ExposureFields
from privacy.breaches.shapes import Audience, Risk
from tenants.http.choices import choices
from tenants.http.forms import Sheet

RISKS: Final = {
    Risk.UNASSESSED: "Not assessed yet",
    Risk.NONE: "Unlikely to harm anybody",
    Risk.RISK: "A risk for people",
    Risk.HIGH: "A high risk for people",
}
AUDIENCES: Final = {
    Audience.NOBODY: "Nobody",
    Audience.PEOPLE: "Users of the organisation",
    Audience.REGISTRANTS: "Everybody registered for the service",
}
CLOCKS: Final = {
    "controllers": "Tell the organisations concerned",
    "authority": "Tell the supervisory authority",
    "users": "Tell the people concerned",
}
STATES: Final = {
    "done": ("Done in time", "good"),
    "late": ("Done, late", "warn"),
    "running": ("Running", "quiet"),
    "due": ("Due soon", "warn"),
    "overdue": ("Overdue", "bad"),
}


def _words(label: str, hint: str = "", *, rows: int = 3) -> TextAreaField:
    return TextAreaField(
        label, [Optional(), Length(max=5000)], description=hint, render_kw={"rows": rows}
    )


class BreachForm(ExposureFields):
    """What was lost, as far as it is known."""

    service = SelectField("Service", [InputRequired("Choose a service.")])
    discovered_at = DateTimeLocalField(
        "Discovered (UTC)", [InputRequired("Say when it was discovered.")], format=FORMATS
    )
    nature = TextAreaField(
        "What happened",
        [InputRequired("Say what happened."), Length(max=5000)],
        render_kw={"rows": 4},
    )
    consequences = _words("Likely consequences")
    measures = _words("What was done, and will be")
    responsible = StringField(
        "Who is responsible, and how they are reached", [Optional(), Length(max=400)]
    )
    tables = StringField(
        "Kinds of data",
        [Optional(), Length(max=400)],
        description="Separated by commas, for example calls, contacts.",
    )
    people = IntegerField(
        "People concerned, about", [Optional(), NumberRange(min=0, max=2_000_000_000)]
    )
    tenants = StringField(
        "Ids of the organisations concerned",
        [Optional(), Length(max=8000)],
        description="Separated by spaces. Each is told at once.",
    )
    drill = BooleanField("This is an exercise: nobody is written to")


class AssessForm(Sheet):
    """The risk, with reasons."""

    risk = SelectField(
        "Risk",
        choices=choices((o.value, w) for o, w in RISKS.items() if o is not Risk.UNASSESSED),
    )
    text = TextAreaField(
        "Reasons", [InputRequired("Give your reasons."), Length(max=5000)], render_kw={"rows": 3}
    )


class AuthorityForm(Sheet):
    """That the authority was told."""

    at = DateTimeLocalField("When (UTC)", [Optional()], format=FORMATS, description="Empty: now.")
    text = TextAreaField(
        "Reference, and why late where it was late",
        [InputRequired("Note the reference."), Length(max=5000)],
        render_kw={"rows": 3},
    )


class UsersForm(Sheet):
    """Who is written to."""

    audience = SelectField(
        "Write to",
        choices=choices((o.value, w) for o, w in AUDIENCES.items() if o is not Audience.NOBODY),
    )
    text = TextAreaField(
        "Reasons for the choice",
        [InputRequired("Note why these."), Length(max=5000)],
        render_kw={"rows": 2},
    )


class CloseForm(Sheet):
    """What came of it."""

    text = TextAreaField(
        "What came of it", [InputRequired("Note it."), Length(max=5000)], render_kw={"rows": 2}
    )
