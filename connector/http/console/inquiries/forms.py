"""Forms of inquiries: find one, record one, answer, note."""

from wtforms import (
    DateTimeLocalField,
    EmailField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from connector.http.console.inquiries.words import CHANNELS, TOPICS, UNOFFICIAL
from connector.inquiries.channels import RECORDED, Channel
from connector.inquiries.declared import LONGEST
from tenants.http.choices import choices
from tenants.http.forms import Sheet

_TEXT = LONGEST["message"]


class FindForm(Sheet):
    """Whose inquiries."""

    contact = StringField(
        "E-mail address or telephone number",
        [InputRequired("Enter one of the two."), Length(max=320)],
        render_kw={"autocomplete": "off"},
    )


class RecordForm(Sheet):
    """An inquiry that came by telephone or another way."""

    service = SelectField("Service", [InputRequired()])
    channel = SelectField(
        "Channel",
        choices=choices((channel.value, CHANNELS[channel]) for channel in RECORDED),
        default=Channel.TELEPHONE.value,
    )
    unofficial = SelectField(
        "Which unofficial channel",
        choices=choices([("", "None"), *((n.value, text) for n, text in UNOFFICIAL.items())]),
        description="Only with the person’s explicit consent; kept for a short time.",
    )
    consent_at = DateTimeLocalField(
        "Agreed to that channel at (UTC)",
        [Optional()],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    handle = StringField("Name on that channel", [Length(max=LONGEST["handle"])])
    name = StringField("Name", [Length(max=LONGEST["name"])])
    email = EmailField("E-mail address", [Length(max=LONGEST["email"])])
    telephone = StringField("Telephone number", [Length(max=LONGEST["telephone"])])
    company = StringField("Company", [Length(max=LONGEST["company"])])
    topic = SelectField(
        "About", choices=choices([("", ""), *((t.value, text) for t, text in TOPICS.items())])
    )
    message = TextAreaField(
        "What was said",
        [InputRequired("Write what was said."), Length(max=_TEXT)],
        render_kw={"rows": 6},
    )


class AnswerForm(Sheet):
    """An answer by mail."""

    text = TextAreaField(
        "Answer",
        [InputRequired("Write an answer."), Length(max=_TEXT)],
        render_kw={"rows": 8},
    )
    answers_to = EmailField(
        "Replies go to",
        [Length(max=254)],
        description="Replies arrive in this mailbox, with the reference.",
    )


class NoteForm(Sheet):
    """A remark among ourselves."""

    text = TextAreaField(
        "Note", [InputRequired("Write something."), Length(max=_TEXT)], render_kw={"rows": 3}
    )


class HeardForm(Sheet):
    """What the person said since."""

    text = TextAreaField(
        "What the person said since",
        [InputRequired("Write something."), Length(max=_TEXT)],
        render_kw={"rows": 3},
    )
