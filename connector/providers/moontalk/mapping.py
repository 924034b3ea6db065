"""Moontalk's calls, pushed or asked for: JSON.

No public field list was found, so where each field is looked for is configuration with generous
defaults (see settings). Source id: the call id where there is one, else the content. Direction:
what the document says, in any usual word; else the parties tell.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from connector.calls.rejections import Rejection, RejectionCode, reject
from connector.calls.shapes import Direction
from connector.providers.base import (
    Delivery,
    Mapped,
    MappingError,
    RawCall,
    declared_only,
)
from connector.providers.directions import direction_of
from connector.providers.drafts import draft
from connector.providers.json_documents import read_json_lines
from connector.providers.moments import seconds_of
from connector.providers.moontalk.paths import values_in
from connector.providers.moontalk.settings import TARGETS, MoontalkSettings
from connector.providers.moontalk.times import moment_of
from connector.providers.texts import decode_text

MAX_RECORDS: Final = 10_000
_WORDS: Final[dict[Direction, str]] = {
    "inbound": "inbound incoming in received terminating missed sisään saapuva tuleva",
    "outbound": "outbound outgoing out placed dialed dialled originating ulos lähtevä",
    "internal": "internal local extension sisäinen",
}
_SAID: Final = {word: way for way, words in _WORDS.items() for word in words.split()}
_NESTING: Final = 3


class Moontalk:
    """The mapping of Moontalk's calls."""

    settings_type = MoontalkSettings

    def __init__(self, name: str = "moontalk") -> None:
        self.name = name

    def declared_fields(self, settings: MoontalkSettings) -> frozenset[str]:
        """Folded paths of everything that one of our fields can come from."""
        return frozenset(path for target in TARGETS for path in settings.paths_of(target))

    def split(
        self, delivery: Delivery, settings: MoontalkSettings
    ) -> Iterator[RawCall | Rejection]:
        """The calls of a document: one, a list, JSON lines, or any of these in an envelope."""
        documents = read_json_lines(decode_text(delivery.body))
        calls = [call for one in documents for call in calls_in(one, settings)]
        if len(calls) > MAX_RECORDS:
            raise MappingError(RejectionCode.WRONG_SHAPE, "Send at most 10,000 calls at a time.")
        yield from self.pick(calls, settings)

    def pick(self, calls: list[Any], settings: MoontalkSettings) -> Iterator[RawCall | Rejection]:
        """Of each call what is declared, and nothing else."""
        declared = self.declared_fields(settings)
        for index, call in enumerate(calls):
            if isinstance(call, dict):
                yield declared_only(index, values_in(call), declared)
            else:
                yield reject(RejectionCode.WRONG_SHAPE, index=index, hint="A call is an object.")

    def map(self, raw: RawCall, settings: MoontalkSettings) -> Mapped:
        """The call."""
        found = found_in(raw, settings)
        start, end = _when(found, "started_at", settings), _when(found, "ended_at", settings)
        end = end or _after(start, seconds_of(found["duration"]))
        caller, called = found["caller"], found["called"] or settings.called or None
        said = direction_said(found["direction"], settings) or settings.direction
        return draft(
            raw.index,
            direction_of(caller, called, settings, said=said),
            start,
            source_id=found["source_id"],
            version=_version(found["version"]),
            caller=caller,
            called=called,
            user_id=found["user_id"],
            contact_person=found["contact_person"],
            company=found["company"],
            answered_at=_when(found, "answered_at", settings),
            ended_at=end,
        )


def found_in(raw: RawCall, settings: MoontalkSettings) -> dict[str, str | None]:
    """What the document says for each of our fields, as it is written there."""
    return {target: raw.first(*settings.paths_of(target)) for target in TARGETS}


def direction_said(word: str | None, settings: MoontalkSettings) -> Direction | None:
    """The direction that a word means: the account's own words first."""
    said = (word or "").casefold()
    own = {name.strip().casefold(): way for name, way in settings.directions.items()}
    return own.get(said) or _SAID.get(said)


def calls_in(document: Any, settings: MoontalkSettings, deeper: int = _NESTING) -> list[Any]:
    """The calls in lists and envelopes; an object that is no envelope is a call."""
    if isinstance(document, list):
        return document
    if isinstance(document, dict) and deeper:
        inner = next((document[name] for name in settings.records if name in document), None)
        if isinstance(inner, list | dict):
            return calls_in(inner, settings, deeper - 1)
    return [document]


def _when(found: dict[str, str | None], target: str, settings: MoontalkSettings) -> datetime | None:
    return moment_of(found[target], settings.times, settings.zone)


def _after(start: datetime | None, seconds: int | None) -> datetime | None:
    try:
        return None if start is None or seconds is None else start + timedelta(seconds=seconds)
    except OverflowError:
        return None


def _version(text: str | None) -> int:
    """What is no small number says nothing of which is newer."""
    said = text or ""
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 9 else 1
