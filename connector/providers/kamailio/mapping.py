"""Kamailio, acc rows as JSON.

A call is an INVITE row and a BYE row that share call id and tags; whoever hangs up swaps the two
tags, so they are sorted in the source id. Rows of one call can come in one delivery or in
several, in any order: INVITE is version 1 with start and parties, BYE version 2 with the end, and
the stored record and the new one become one (connector.calls.merges). The only state is the
stored record. A BYE without its INVITE is a call of unknown parties.

acc writes the row of an answered INVITE at the answer, of a failed one at its final reply: so an
answered call's start is its answer, which is all that acc knows.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from connector.calls.rejections import Rejection, RejectionCode, reject
from connector.calls.shapes import IncomingCall
from connector.providers.base import (
    MAX_DOCUMENT,
    Delivery,
    Mapped,
    MappingError,
    RawCall,
    Skipped,
    SkipReason,
    declared_only,
)
from connector.providers.directions import direction_of
from connector.providers.drafts import draft
from connector.providers.json_documents import flatten, read_json_lines
from connector.providers.kamailio.settings import KamailioSettings
from connector.providers.moments import from_any
from connector.providers.texts import decode_text

_CALL_ID: Final = ("callid", "call_id", "sip_callid", "ci")
_FROM_TAG: Final = ("from_tag", "ft")
_TO_TAG: Final = ("to_tag", "tt")
_TIME: Final = ("time_hires", "time_attr", "timestamp", "time")
_CODE: Final = ("sip_code", "code")
_ROWS: Final = ("rows", "records", "acc")


class Kamailio:
    """The mapping of Kamailio's accounting rows."""

    name = "kamailio"
    settings_type = KamailioSettings

    def declared_fields(self, settings: KamailioSettings) -> frozenset[str]:
        """Names of the row's columns, those of the settings included."""
        parties = settings.caller_fields + settings.called_fields + settings.user_fields
        return frozenset(("method", *_CALL_ID, *_FROM_TAG, *_TO_TAG, *_TIME, *_CODE, *parties))

    def split(
        self, delivery: Delivery, settings: KamailioSettings
    ) -> Iterator[RawCall | Rejection]:
        """The rows: one object, an array, or one object on each line."""
        if len(delivery.body) > MAX_DOCUMENT:
            raise MappingError(RejectionCode.UNREADABLE, "It is longer than 1 MiB.")
        declared = self.declared_fields(settings)
        for index, row in enumerate(_rows(read_json_lines(decode_text(delivery.body)))):
            if isinstance(row, dict):
                yield declared_only(index, flatten(row), declared)
            else:
                yield reject(RejectionCode.WRONG_SHAPE, index=index, hint="A row is an object.")

    def map(self, raw: RawCall, settings: KamailioSettings) -> Mapped:
        """One row as a version of its call."""
        method = (raw.first("method") or "").upper()
        if method not in {"INVITE", "BYE"}:
            return Skipped(raw.index, SkipReason.NOT_A_CALL)
        source_id = _source_id(raw)
        if source_id is None:
            hint = "A row has callid, from_tag and to_tag."
            return reject(RejectionCode.WRONG_SHAPE, index=raw.index, hint=hint)
        moment = from_any(raw.first(*_TIME), settings.zone)
        if method == "BYE":
            return _end(raw, source_id, moment)
        caller, called = raw.first(*settings.caller_fields), raw.first(*settings.called_fields)
        answered = (raw.first(*_CODE) or "200").startswith("2")
        return draft(
            raw.index,
            direction_of(caller, called, settings),
            moment,
            source_id=source_id,
            version=1,
            caller=caller,
            called=called,
            user_id=raw.first(*settings.user_fields),
            answered_at=moment if answered else None,
            ended_at=None if answered else moment,
        )


def _end(raw: RawCall, source_id: str, moment: datetime | None) -> IncomingCall | Rejection:
    """No parties: whoever hung up is the row's caller, which may be the call's called."""
    return draft(raw.index, "inbound", moment, source_id=source_id, version=2, ended_at=moment)


def _source_id(raw: RawCall) -> str | None:
    call_id = raw.first(*_CALL_ID)
    if call_id is None:
        return None
    tags = sorted((raw.first(*_FROM_TAG) or "", raw.first(*_TO_TAG) or ""))
    return " ".join((call_id, *tags))


def _rows(documents: list[Any]) -> Iterator[Any]:
    for document in documents:
        if isinstance(document, list):
            yield from document
        elif isinstance(document, dict) and (inner := _inner(document)) is not None:
            yield from inner
        else:
            yield document


def _inner(document: dict[str, Any]) -> list[Any] | None:
    return next((document[name] for name in _ROWS if isinstance(document.get(name), list)), None)
