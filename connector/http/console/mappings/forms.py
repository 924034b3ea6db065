"""The form of a mapping, from and to what is saved."""

from typing import Any, Final

from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from connector.mappings.trial import LONGEST
from connector.providers.moontalk.settings import TARGETS, MoontalkSettings
from connector.providers.moontalk.times import TimeFormat
from privacy.core.errors import Invalid
from tenants.http.choices import choices
from tenants.http.forms import Sheet

NEVER: Final = "-"
LABELS: Final = {
    "source_id": "Call id",
    "version": "Version",
    "direction": "Direction",
    "caller": "Caller's number",
    "called": "Called number",
    "user_id": "User id",
    "contact_person": "Caller's contact person",
    "company": "Caller's company",
    "started_at": "Start",
    "answered_at": "Answer",
    "ended_at": "End",
    "duration": "Duration, where there is no end",
}
TIMES: Final = {
    TimeFormat.ANY: "However they are written",
    TimeFormat.RFC3339: "2026-03-29T12:00:00+02:00 (RFC 3339)",
    TimeFormat.EPOCH_S: "Seconds since 1970",
    TimeFormat.EPOCH_MS: "Milliseconds since 1970",
    TimeFormat.LOCAL: "2026-03-29 12:00:00, in the system's time zone",
}
_DIRECTIONS: Final = (
    ("", "As the two parties tell"),
    ("inbound", "Inbound"),
    ("outbound", "Outbound"),
    ("internal", "Internal"),
)


def _path(target: str) -> StringField:
    usual = ", ".join(TARGETS[target][:3])
    return StringField(
        LABELS[target], [Length(max=1000)], description=f"Empty: {usual} and other usual names."
    )


class MappingForm(Sheet):
    """Where each of our fields is, and how what is there is read."""

    source_id = _path("source_id")
    version = _path("version")
    direction = _path("direction")
    caller = _path("caller")
    called = _path("called")
    user_id = _path("user_id")
    contact_person = _path("contact_person")
    company = _path("company")
    started_at = _path("started_at")
    answered_at = _path("answered_at")
    ended_at = _path("ended_at")
    duration = _path("duration")
    records = StringField(
        "Where the list of calls is",
        [Length(max=1000)],
        description="Empty: calls, records, items, data, results or payload, or nothing around it.",
    )
    times = SelectField(
        "Times are written", choices=choices((each.value, text) for each, text in TIMES.items())
    )
    words = TextAreaField(
        "Words for a direction",
        [Length(max=4000)],
        description="One a line: eingehend = inbound. Usual words are known.",
        render_kw={"rows": 3},
    )
    usual_direction = SelectField("Direction where none is said", choices=choices(_DIRECTIONS))
    usual_called = StringField("Called number where none is said", [Length(max=60)])
    own_numbers = TextAreaField(
        "Your own numbers",
        [Length(max=4000)],
        description="One a line. Who calls from one of them calls out.",
        render_kw={"rows": 2},
    )
    sample = TextAreaField(
        "A sample",
        [Length(max=LONGEST, message="Use a shorter sample: one answer, or some calls.")],
        description="JSON as the system sends it. It is read here and not kept.",
        render_kw={"rows": 14, "spellcheck": "false", "autocomplete": "off"},
    )
    based_on = HiddenField(validators=[Length(max=9)])


class VersionForm(Sheet):
    """An earlier version, and the one that it takes the place of."""

    version = HiddenField(validators=[Length(max=9)])
    based_on = HiddenField(validators=[Length(max=9)])


def filled(settings: MoontalkSettings) -> dict[str, Any]:
    """The present mapping, for the form."""
    said = {target: _written(settings.paths.get(target)) for target in TARGETS}
    usual = MoontalkSettings().records
    return said | {
        "records": ", ".join(settings.records) if settings.records != usual else "",
        "times": settings.times.value,
        "words": "\n".join(f"{word} = {way}" for word, way in settings.directions.items()),
        "usual_direction": settings.direction or "",
        "usual_called": settings.called,
        "own_numbers": "\n".join(settings.own_numbers),
    }


def mapping_of(form: MappingForm) -> dict[str, Any]:
    """What was entered, as connector.mappings wants it. Raises Invalid."""
    paths = {target: _paths(form[target].data) for target in TARGETS}
    said: dict[str, Any] = {
        "paths": {target: found for target, found in paths.items() if found is not None},
        "times": form.times.data,
        "directions": _words(form.words.data or ""),
        "direction": form.usual_direction.data or None,
        "called": (form.usual_called.data or "").strip(),
        "own_numbers": [n.strip() for n in (form.own_numbers.data or "").splitlines() if n.strip()],
    }
    records = _listed(form.records.data)
    return said | ({"records": records} if records else {})


def number_of(text: str | None) -> int:
    """A version; -1 for what is none, which nothing is based on."""
    said = text or ""
    return int(said) if said.isascii() and said.isdigit() else -1


def _written(paths: tuple[str, ...] | None) -> str:
    if paths is None:
        return ""
    return ", ".join(paths) or NEVER


def _paths(text: str | None) -> list[str] | None:
    found = _listed(text)
    if not found:
        return None
    return [] if found == [NEVER] else found


def _listed(text: str | None) -> list[str]:
    return [each.strip() for each in (text or "").split(",") if each.strip()]


def _words(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        word, _, way = (part.strip() for part in line.rpartition("="))
        if not word or way.lower() not in ("inbound", "outbound", "internal"):
            raise Invalid(
                fields={"words": "Write a word, =, and inbound, outbound or internal; one a line."}
            )
        found[word] = way.lower()
    return found
