"""The page of an export, for people to read in their own language."""

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from privacy.notices.languages import Speech, speech
from privacy.subjects.dictionary import meaning
from privacy.subjects.languages import Words, words_of

Lines = Sequence[Mapping[str, Any]]
_STYLE: Final = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;margin:.5rem 0 1.5rem}"
    "th,td{border:1px solid #999;padding:.25rem .5rem;text-align:left;vertical-align:top}"
    "td{overflow-wrap:anywhere}"
)
CLOSED: Final = frozenset(
    {
        *("direction", "kind", "channel", "state", "act", "way"),
        *("purpose", "objection", "cause", "ground"),
    }
)
"""Fields whose values are codes of ours: the page has them in words, JSON and CSV as they are."""
_EMPTY: Final[tuple[object, ...]] = (None, "", [], {})


@dataclass(frozen=True)
class Reading:
    """One language, and what it calls things."""

    language: str
    words: Words
    speech: Speech

    def page(self, key: str, **values: str) -> str:
        """A sentence of ours, safe in HTML."""
        return html.escape(self.words["page"][key].format(**values))

    def field(self, name: str) -> str:
        """What a field means; its name where nobody said."""
        return html.escape(meaning(name, self.language) or name.replace("_", " "))

    def named(self, section: str, text: str) -> str:
        """A word of ours, or a name as it is."""
        return html.escape(self.words[section].get(text, text))

    def told(self, name: str, value: object) -> str:
        """What a field has: of a closed list in words, else as it is."""
        if name in CLOSED and isinstance(value, str):
            return html.escape(self.words["values"].get(value, value.replace("_", " ")))
        return self.value(value)

    def value(self, value: object) -> str:
        """Whatever a field has; lists and parts below one another."""
        match value:
            case bool():
                return self.page("yes" if value else "no")
            case Mapping():
                parts = ((str(k), v) for k, v in value.items() if v not in _EMPTY)
                return "<br>".join(f"{self.field(k)}: {self.told(k, v)}" for k, v in parts)
            case str():
                return html.escape(value)
            case Sequence():
                return "<br>".join(self.value(one) for one in value)
            case _:
                return html.escape(str(value))


def readable(
    *, language: str, tenant: str, manifest: Mapping[str, Any], data: Mapping[str, Lines]
) -> str:
    """The page of what is in the other files of the export."""
    reading = Reading(language, words_of(language), speech(language))
    title = reading.page("title", tenant=tenant)
    parts = [
        f"<h1>{title}</h1><p>{reading.page('request', reference=manifest['reference'])}</p>",
        *(_section(reading, one, data[one["name"]]) for one in manifest["holders"]),
        _told(reading, manifest["told"]),
        _others(reading, manifest),
        f"<h2>{reading.page('rights')}</h2>",
        f"<p>{reading.page('rights_text', authority=manifest['authority'])}</p>",
    ]
    return (
        f'<!doctype html><html lang="{reading.speech.language}"><head><meta charset="utf-8">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>"
    )


def _section(reading: Reading, holder: Mapping[str, Any], lines: Lines) -> str:
    say = reading.speech.says
    ends = sorted({reading.words["retention"][one] for one in holder["retentions"]})
    others = [reading.named("recipients", one) for one in holder["recipients"]]
    facts = {
        "purposes": html.escape(say("purpose", holder["purposes"])),
        "bases": html.escape(say("basis", holder["bases"])),
        "kept": html.escape("; ".join(ends)),
        "recipients": "; ".join(others) or reading.page("nobody"),
    }
    said = "".join(f"<p><strong>{reading.page(k)}:</strong> {v}</p>" for k, v in facts.items())
    tables = "".join(_table(reading, line) for line in lines)
    title = reading.named("holders", holder["name"])
    return f"<section><h2>{title}</h2>{said}{tables or _paragraph(reading, 'nothing')}</section>"


def _table(reading: Reading, line: Mapping[str, Any]) -> str:
    rows = [(reading.field(k), reading.told(k, v)) for k, v in line.items() if k not in _ENDS]
    rows.append((reading.page("source"), reading.named("sources", line["source"])))
    rows.append((reading.page("until"), html.escape(line["kept_until"])))
    cells = "".join(f"<tr><th>{name}</th><td>{text}</td></tr>" for name, text in rows if text)
    return f"<table>{cells}</table>"


_ENDS: Final = ("source", "kept_until")


def _told(reading: Reading, names: Iterable[str]) -> str:
    """By name: the Court of Justice wants the recipients themselves (C-154/21)."""
    heading, lead = reading.page("told"), _paragraph(reading, "told_lead")
    return f"<h2>{heading}</h2>{lead}{_points(reading, 'recipients', names)}"


def _others(reading: Reading, manifest: Mapping[str, Any]) -> str:
    controller, tongue = manifest["controller"], reading.speech
    who = ", ".join([controller["name"], *controller["reached"]])
    lines = [
        f"{one['name']}, {tongue.country(one['country'])}: {tongue.translate(one['role'])}"
        + (f" ({tongue.say('transfer', one['transfer'])})" if one["transfer"] else "")
        for one in manifest["processors"]
    ]
    outside = ", ".join(map(tongue.country, manifest["transfers"]))
    countries = outside or reading.words["page"]["none"]
    return (
        f"<h2>{reading.page('controller')}</h2><p>{html.escape(who)}</p>"
        f"<h2>{reading.page('processors')}</h2>{_points(reading, 'recipients', lines)}"
        f"<p>{reading.page('transfers', countries=countries)}</p>"
    )


def _points(reading: Reading, section: str, texts: Iterable[str]) -> str:
    points = "".join(f"<li>{reading.named(section, one)}</li>" for one in texts)
    return f"<ul>{points}</ul>" if points else _paragraph(reading, "nobody")


def _paragraph(reading: Reading, key: str) -> str:
    return f"<p>{reading.page(key)}</p>"
