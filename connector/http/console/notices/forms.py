"""The form that derives a profile: what may be stricter, with the service's own beside it."""

from typing import Any, Final

from wtforms import BooleanField, IntegerField, SelectField, SelectMultipleField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from privacy.notices.languages import speech
from privacy.profiles import Profile
from privacy.profiles.changes import KINDS_WITH_DAYS, KINDS_WITH_FIELDS, Changes
from tenants.http.choices import choices
from tenants.http.forms import Sheet

_SAME: Final = ("", "As the service promises")


def _many(label: str) -> SelectMultipleField:
    return SelectMultipleField(
        label,
        [Optional()],
        choices=[],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validate_choice=False,
    )


class DeriveForm(Sheet):
    """What the organisation promises beyond the service."""

    days_calls = IntegerField("Days that calls are kept", [Optional()])
    days_inquiries = IntegerField("Days that inquiries are kept", [Optional()])
    days_technical_logs = IntegerField("Days that technical logs are kept", [Optional()])
    days_unofficial_messages = IntegerField(
        "Days that messages over unofficial channels are kept", [Optional()]
    )
    mfa = BooleanField("Everybody must have a second factor")
    region = SelectField(
        "Where data may be",
        choices=choices([_SAME, ("eu", "In the EU/EEA only"), ("germany", "In Germany only")]),
    )
    marketing = SelectField(
        "Marketing",
        choices=choices([_SAME, ("consent", "With consent only"), ("none", "None")]),
    )
    authority_hours = IntegerField("Hours to tell the authority of a loss", [Optional()])
    users_hours = IntegerField("Hours to tell the users of a loss", [Optional()])
    without_recipients = _many("Systems that are not to be asked any more")
    without_fields = _many("Fields that are not to be taken")
    without_purposes = _many("Purposes that the data is not to be used for")


def derive_form(base: Profile, present: Changes) -> DeriveForm:
    """The form as posted, or with what stands; only what the service has at all."""
    form = DeriveForm.posted(**_values(base, present))
    for key in KINDS_WITH_DAYS:
        field = form[f"days_{key}"]
        if not base.declares(key) or base.kind(key).days is None:
            del form[f"days_{key}"]
        else:
            field.description = f"At most {base.kind(key).days}. Empty: {base.kind(key).days}."
    form.authority_hours.description = f"At most {base.breaches.authority_hours}."
    form.without_recipients.choices = choices((one.host, one.host) for one in base.recipients)
    form.without_fields.choices = choices(_fields(base))
    form.without_purposes.choices = choices(_purposes(base))
    return form


def changes_in(form: DeriveForm, base: Profile) -> Changes:
    """What was chosen, as the use case takes it. Raises ValueError for what no number is."""
    days = {
        key: form[f"days_{key}"].data
        for key in KINDS_WITH_DAYS
        if f"days_{key}" in form and form[f"days_{key}"].data is not None
    }
    left_out = _pairs(form.without_purposes.data)
    purposes = {
        kind.key: tuple(one for one in kind.purposes if one.value not in left_out[kind.key])
        for kind in base.data
        if kind.key in left_out
    }
    return Changes(
        days=days,
        purposes=purposes,
        without_fields={k: tuple(names) for k, names in _pairs(form.without_fields.data).items()},
        mfa="mandatory" if form.mfa.data else None,
        region=form.region.data or None,
        marketing=form.marketing.data or None,
        without_recipients=tuple(form.without_recipients.data or ()),
        authority_hours=form.authority_hours.data,
        users_hours=form.users_hours.data,
    )


def _pairs(words: list[str] | None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in words or ():
        kind, _, name = word.partition(":")
        found.setdefault(kind, []).append(name)
    return found


def _values(base: Profile, present: Changes) -> dict[str, Any]:
    kept = {key: set(purposes) for key, purposes in present.purposes.items()}
    return {
        **{f"days_{key}": number for key, number in present.days.items()},
        "mfa": present.mfa is not None,
        "region": present.region or "",
        "marketing": present.marketing or "",
        "authority_hours": present.authority_hours,
        "users_hours": present.users_hours,
        "without_recipients": list(present.without_recipients),
        "without_fields": [
            f"{key}:{name}" for key, names in present.without_fields.items() for name in names
        ],
        "without_purposes": [
            f"{kind.key}:{one}"
            for kind in base.data
            for one in kind.purposes
            if kind.key in kept and one not in kept[kind.key]
        ],
    }


def _fields(base: Profile) -> list[tuple[str, str]]:
    return [
        (f"{kind.key}:{field.name}", f"{kind.name}: {field.meaning}")
        for kind in base.data
        if kind.key in KINDS_WITH_FIELDS
        for field in kind.fields
    ]


def _purposes(base: Profile) -> list[tuple[str, str]]:
    words = speech("en").words["purpose"]
    return [
        (f"{kind.key}:{one}", f"{kind.name}: {words[one]}")
        for kind in base.data
        if len(kind.purposes) > 1
        for one in kind.purposes
    ]
