"""Moontalk, pushed JSON.

No public field list was found, so where each field is looked for is configuration with generous
defaults (see settings). Source id: the call id where there is one, else the content. Direction:
what the document says, in any usual word; else the parties tell.
"""

from collections.abc import Iterator
from datetime import timedelta
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
from connector.providers.json_documents import flatten, read_json_lines
from connector.providers.moments import from_any, seconds_of
from connector.providers.moontalk.settings import TARGETS, MoontalkSettings
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
    """The mapping of Moontalk's pushed calls."""

    name = "moontalk"
    settings_type = MoontalkSettings

    def declared_fields(self, settings: MoontalkSettings) -> frozenset[str]:
        """Folded paths of everything that one of our fields can come from."""
        return frozenset(path for target in TARGETS for path in settings.paths_of(target))

    def split(
        self, delivery: Delivery, settings: MoontalkSettings
    ) -> Iterator[RawCall | Rejection]:
        """The calls of a document: one, a list, JSON lines, or any of these in an envelope."""
        declared = self.declared_fields(settings)
        documents = read_json_lines(decode_text(delivery.body))
        calls = [call for one in documents for call in _unwrap(one, settings, _NESTING)]
        if len(calls) > MAX_RECORDS:
            raise MappingError(RejectionCode.WRONG_SHAPE, "Send at most 10,000 calls at a time.")
        for index, call in enumerate(calls):
            if isinstance(call, dict):
                yield declared_only(index, flatten(call, fold=True), declared)
            else:
                yield reject(RejectionCode.WRONG_SHAPE, index=index, hint="A call is an object.")

    def map(self, raw: RawCall, settings: MoontalkSettings) -> Mapped:
        """The call."""
        found = {target: raw.first(*settings.paths_of(target)) for target in TARGETS}
        start = from_any(found["started_at"], settings.zone)
        end = from_any(found["ended_at"], settings.zone)
        duration = seconds_of(found["duration"])
        if start and end is None and duration is not None:
            end = start + timedelta(seconds=duration)
        caller, called = found["caller"], found["called"]
        said = _SAID.get((found["direction"] or "").lower())
        return draft(
            raw.index,
            direction_of(caller, called, settings, said=said),
            start,
            source_id=found["source_id"],
            version=seconds_of(found["version"]) or 1,
            caller=caller,
            called=called,
            user_id=found["user_id"],
            contact_person=found["contact_person"],
            company=found["company"],
            answered_at=from_any(found["answered_at"], settings.zone),
            ended_at=end,
        )


def _unwrap(document: Any, settings: MoontalkSettings, deeper: int) -> list[Any]:
    """The calls in lists and envelopes; an object that is no envelope is a call."""
    if isinstance(document, list):
        return document
    if isinstance(document, dict) and deeper:
        inner = next((document[name] for name in settings.records if name in document), None)
        if isinstance(inner, list | dict):
            return _unwrap(inner, settings, deeper - 1)
    return [document]
