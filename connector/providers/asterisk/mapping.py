"""Asterisk, cdr_csv's Master.csv.

Source id: uniqueid with the row's sequence. One uniqueid can have several rows (a queue that
rings three agents), so without a sequence start and destination channel tell them apart. Without
a uniqueid there is no source id, and the same row is recognised by its content.

Direction: a call in one of the account's `inbound_contexts` came in; else the parties tell.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from connector.calls.numbers import identity_of
from connector.calls.rejections import Rejection, RejectionCode, reject
from connector.providers.asterisk.columns import is_header, named
from connector.providers.asterisk.settings import AsteriskSettings
from connector.providers.asterisk.times import times_of
from connector.providers.base import Delivery, Mapped, RawCall, declared_only
from connector.providers.directions import direction_of
from connector.providers.drafts import draft
from connector.providers.rows import Row, read_rows, rows_of

_EXTENSION = re.compile(r"(?:PJSIP|SIP|IAX2|SCCP|Local)/([^-@/]+)", re.IGNORECASE)
_ANSWERED: Final = "ANSWERED"


class Asterisk:
    """The mapping of Asterisk's call detail records."""

    name = "asterisk"
    settings_type = AsteriskSettings

    _declared = frozenset(
        {
            *("src", "dst", "dcontext", "clid", "channel", "dstchannel", "start", "answer", "end"),
            *("duration", "billsec", "disposition", "uniqueid", "linkedid", "sequence"),
        }
    )

    def declared_fields(self, settings: AsteriskSettings) -> frozenset[str]:
        """Column names."""
        return self._declared

    def split(
        self, delivery: Delivery, settings: AsteriskSettings
    ) -> Iterator[RawCall | Rejection]:
        """The rows of a whole file."""
        for _, read in self._read(rows_of(delivery.body)):
            yield read

    def rows(
        self, stream: BinaryIO, settings: AsteriskSettings, *, offset: int = 0
    ) -> Iterator[tuple[int, RawCall | Rejection]]:
        """Rows of a long file, each with the byte offset from which to go on after it.

        Indexes count from the offset on.
        """
        return self._read(read_rows(stream, offset=offset))

    def _read(self, rows: Iterator[Row]) -> Iterator[tuple[int, RawCall | Rejection]]:
        index = 0
        for row in rows:
            if row.cells and is_header(row.cells):
                continue
            yield row.end, self._read_row(index, row.cells)
            index += 1

    def _read_row(self, index: int, cells: list[str] | None) -> RawCall | Rejection:
        if cells is None:
            return reject(RejectionCode.UNREADABLE, index=index, hint="Check the row's quotes.")
        table = named(cells)
        if table is None:
            hint = "A row of Master.csv has 16 to 21 columns."
            return reject(RejectionCode.WRONG_SHAPE, index=index, hint=hint)
        return declared_only(index, table, self._declared)

    def map(self, raw: RawCall, settings: AsteriskSettings) -> Mapped:
        """The row's call."""
        name, number = _caller_id(raw.first("clid") or "")
        caller, called = raw.first("src") or number, raw.first("dst")
        inbound = (raw.first("dcontext") or "") in settings.inbound_contexts
        direction = direction_of(caller, called, settings, said="inbound" if inbound else None)
        start, answer, end = times_of(raw, settings.zone)
        answered = (raw.first("disposition") or _ANSWERED).upper() == _ANSWERED
        user = _extension(raw, "dstchannel" if direction == "inbound" else "channel")
        return draft(
            raw.index,
            direction,
            start,
            source_id=_source_id(raw),
            caller=caller,
            called=called,
            user_id=user,
            contact_person=name if direction == "inbound" and name != caller else None,
            answered_at=answer if answered else None,
            ended_at=end,
        )


def _caller_id(clid: str) -> tuple[str | None, str | None]:
    """Name and number of `"Name" <123>`, either of which may be missing."""
    before, bracket, after = clid.rpartition("<")
    if not bracket:
        return None, clid.strip('" ') or None
    name = before.strip('" ')
    return (identity_of(name.casefold()) and name) or None, after.strip("> ") or None


def _source_id(raw: RawCall) -> str | None:
    unique = raw.first("uniqueid")
    if unique is None:
        return None
    sequence = raw.first("sequence")
    if sequence:
        return f"{unique}/{sequence}"
    return f"{unique}/{raw.first('start') or ''}/{raw.first('dstchannel') or ''}"


def _extension(raw: RawCall, channel: str) -> str | None:
    found = _EXTENSION.match(raw.first(channel) or "")
    return found[1] if found else None
