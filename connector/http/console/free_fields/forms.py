"""Forms of free fields: one that declares, and one made from what is declared."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from wtforms import Field, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from connector.free_fields.declare import Declaration
from connector.free_fields.kinds import About, FieldType
from connector.free_fields.models import FreeField
from connector.free_fields.values import FilledField
from connector.free_fields.wordings import tidy_word
from privacy.core.db.declarations import LegalBasis, Purpose
from privacy.core.errors import Invalid
from privacy.notices.languages import LANGUAGES
from tenants.http.choices import choices
from tenants.http.forms import Sheet

ABOUT: Final = {
    About.CONTACT: "Contacts",
    About.INQUIRY: "Inquiries",
    About.REGISTRATION: "Registrations",
}
TYPES: Final = {
    FieldType.TEXT: "Text",
    FieldType.NUMBER: "Number",
    FieldType.DATE: "Date",
    FieldType.YES_NO: "Yes or no",
    FieldType.CHOICE: "One of several words",
}
PURPOSES: Final = {
    Purpose.DELIVERY: "Delivery of the service",
    Purpose.ADMINISTRATION: "Statistics and administration",
    Purpose.DOCUMENTATION: "Documentation",
    Purpose.QUALITY: "Quality control and development",
    Purpose.IDENTIFICATION: "Identification",
    Purpose.ACCOUNTS: "Accounts",
    Purpose.SECURITY: "Protection of rights",
    Purpose.RESPONSE: "Response",
    Purpose.FUTURE: "Future communication",
    Purpose.NOTICES: "Information about changes",
    Purpose.COMPLAINTS: "Complaints",
}
BASES: Final = {
    LegalBasis.CONTRACT: "Contract (GDPR Art. 6(1)(b))",
    LegalBasis.CONSENT: "Consent (a)",
    LegalBasis.OBLIGATION: "Legal obligation (c)",
    LegalBasis.LEGITIMATE_INTEREST: "Legitimate interests (f)",
}
_OFF: Final = {"autocomplete": "off"}
_WHERE: Final = "In forms and notices of this language. Empty: the name above."
_SHORT: Final = Length(max=80, message="Use up to 80 characters.")
_LONG: Final = Length(max=4000, message="This is too long.")
_SAID: Final = (
    "How forms and notices of this language say the words, one on a line and in their order. "
    "Empty lines: as they are kept."
)


def _words_in(language: str) -> TextAreaField:
    return TextAreaField(
        f"Words in {language}", [_LONG], description=_SAID, render_kw={"rows": 3, **_OFF}
    )


class NamesForm(Sheet):
    """What a field is called."""

    label = StringField("Name", [InputRequired("Give it a name."), _SHORT], render_kw=_OFF)
    label_en = StringField("Name in English", [_SHORT], description=_WHERE, render_kw=_OFF)
    label_fi = StringField("Name in Finnish", [_SHORT], description=_WHERE, render_kw=_OFF)
    label_sv = StringField("Name in Swedish", [_SHORT], description=_WHERE, render_kw=_OFF)
    label_de = StringField("Name in German", [_SHORT], description=_WHERE, render_kw=_OFF)

    def labels(self) -> dict[str, str]:
        """What was entered, by language."""
        return {one: self[f"label_{one}"].data or "" for one in LANGUAGES}


class WordsForm(NamesForm):
    """What a field is called, and its choices."""

    words_en = _words_in("English")
    words_fi = _words_in("Finnish")
    words_sv = _words_in("Swedish")
    words_de = _words_in("German")

    @classmethod
    def shown(cls, row: FreeField) -> dict[str, str]:
        """What is in it now."""
        present = {"label": row.label}
        present |= {f"label_{language}": label for language, label in row.labels.items()}
        for language in LANGUAGES:
            said = row.words.get(language, {})
            present[f"words_{language}"] = "\n".join(
                said.get(word, "") for word in row.choices
            ).rstrip("\n")
        return present

    def said(self, choices: Sequence[str]) -> dict[str, dict[str, str]]:
        """What was entered, by language and by the word that is kept. Raises Invalid."""
        lines = {one: _lines(self[f"words_{one}"].data) for one in LANGUAGES}
        wrong = {
            f"words_{one}": "There are more lines than words to choose from."
            for one, said in lines.items()
            if len(said) > len(choices)
        }
        if wrong:
            raise Invalid(fields=wrong)
        return {one: dict(zip(choices, said, strict=False)) for one, said in lines.items()}


class DeclareForm(WordsForm):
    """A field and its reasons."""

    about = SelectField("On", choices=choices((one.value, word) for one, word in ABOUT.items()))
    key = StringField(
        "Name for programs",
        [InputRequired("Enter small letters, digits and _."), _SHORT],
        description="Small letters, digits and _, for example meter_number.",
        render_kw=_OFF,
    )
    type = SelectField("Kind", choices=choices((one.value, word) for one, word in TYPES.items()))
    words = TextAreaField(
        "Words to choose from",
        [_LONG],
        description="One on a line; only for one of several words.",
        render_kw={"rows": 3, **_OFF},
    )
    purpose = SelectField(
        "What it is needed for", choices=choices((p.value, word) for p, word in PURPOSES.items())
    )
    basis = SelectField(
        "Legal basis", choices=choices((one.value, word) for one, word in BASES.items())
    )
    days = IntegerField(
        "Days that a value is kept",
        [Optional()],
        description="From when it was entered. Empty: as long as what it stands beside.",
        render_kw=_OFF | {"inputmode": "numeric"},
    )

    def declaration(self) -> Declaration:
        """What was entered."""
        words = tuple(word for word in map(tidy_word, _lines(self.words.data)) if word)
        return Declaration(
            about=About(self.about.data),
            key=(self.key.data or "").strip(),
            label=(self.label.data or "").strip(),
            type=FieldType(self.type.data),
            purpose=Purpose(self.purpose.data),
            basis=LegalBasis(self.basis.data),
            days=self.days.data,
            choices=words,
            labels=self.labels(),
            words=self.said(words),
        )


def _lines(typed: str | None) -> list[str]:
    return [line.strip() for line in (typed or "").rstrip().splitlines()]


def fill_form(fields: Iterable[FilledField]) -> tuple[type[Sheet], Mapping[str, str]]:
    """The form of one record's fields, and what is in it now."""
    listed = list(fields)
    made: dict[str, Any] = {one.field.key: _field(one.field) for one in listed}
    return type("FillForm", (Sheet,), made), {one.field.key: one.value for one in listed}


def _field(field: FreeField) -> Field:
    kind = FieldType(field.type)
    about = f"For {PURPOSES[Purpose(field.purpose)].lower()}"
    kept = f"; kept for {field.days} days." if field.days else "."
    if kind in (FieldType.CHOICE, FieldType.YES_NO):
        words = field.choices if kind is FieldType.CHOICE else ["yes", "no"]
        offered = choices([("", ""), *((word, word) for word in words)])
        return SelectField(field.label, choices=offered, description=about + kept)
    return StringField(field.label, [_LONG], description=about + kept, render_kw=_OFF)
