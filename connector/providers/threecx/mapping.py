"""3CX, call detail records as CSV.

The order of fields is the exchange's configuration and so the account's. Lines begin with
`Call `, times are UTC, extensions are written `Ext.100`.

Source id: historyid with callid, whichever are configured; a transferred call has a line for each
part. With neither there is none, and the same line is recognised by its content. Direction: an
extension (`Ext.`, or few digits in from-dn) is inside, see directions.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import BinaryIO, Final
from zoneinfo import ZoneInfo

from connector.calls.rejections import Rejection, RejectionCode, reject
from connector.providers.base import Delivery, Mapped, RawCall, declared_only
from connector.providers.directions import direction_of
from connector.providers.drafts import draft
from connector.providers.moments import from_any, seconds_of
from connector.providers.rows import Row, read_rows, rows_of
from connector.providers.threecx.settings import ThreeCxSettings

_UTC: Final = ZoneInfo("UTC")
"""Of its times, wherever the exchange and its account are."""
_PREFIX: Final = "Call "
_EXTENSION = re.compile(r"Ext\.?\s*(?=\d)", re.IGNORECASE)
_LEAST: Final = 4


class ThreeCx:
    """The mapping of 3CX's call detail records."""

    name = "threecx"
    settings_type = ThreeCxSettings

    _declared = frozenset(
        {
            *("historyid", "callid", "duration", "time-start", "time-answered", "time-end"),
            *("from-no", "to-no", "from-dn", "to-dn", "dial-no", "final-number"),
        }
    )

    def declared_fields(self, settings: ThreeCxSettings) -> frozenset[str]:
        """Names of 3CX's fields."""
        return self._declared

    def split(self, delivery: Delivery, settings: ThreeCxSettings) -> Iterator[RawCall | Rejection]:
        """The lines of a whole file."""
        for _, read in self._read(rows_of(delivery.body, delimiter=settings.delimiter), settings):
            yield read

    def rows(
        self, stream: BinaryIO, settings: ThreeCxSettings, *, offset: int = 0
    ) -> Iterator[tuple[int, RawCall | Rejection]]:
        """Lines of a long file, each with the byte offset from which to go on after it."""
        rows = read_rows(stream, offset=offset, delimiter=settings.delimiter)
        return self._read(rows, settings)

    def _read(
        self, rows: Iterator[Row], settings: ThreeCxSettings
    ) -> Iterator[tuple[int, RawCall | Rejection]]:
        index = 0
        for row in rows:
            if row.cells and row.cells[0].strip().lower() == settings.fields[0]:
                continue
            yield row.end, self._read_row(index, row.cells, settings)
            index += 1

    def _read_row(
        self, index: int, cells: list[str] | None, settings: ThreeCxSettings
    ) -> RawCall | Rejection:
        if cells is None:
            return reject(RejectionCode.UNREADABLE, index=index, hint="Check the line's quotes.")
        if len(cells) < min(_LEAST, len(settings.fields)):
            hint = "Check the field order of the account."
            return reject(RejectionCode.WRONG_SHAPE, index=index, hint=hint)
        cells[0] = cells[0].strip().removeprefix(_PREFIX)
        return declared_only(index, dict(zip(settings.fields, cells, strict=False)), self._declared)

    def map(self, raw: RawCall, settings: ThreeCxSettings) -> Mapped:
        """The line's call."""
        caller = _party(raw, "from-no", "from-dn")
        called = _party(raw, "dial-no", "to-no", "to-dn", "final-number")
        direction = direction_of(caller, called, settings)
        start = from_any(raw.first("time-start"), _UTC)
        end = from_any(raw.first("time-end"), _UTC)
        duration = seconds_of(raw.first("duration"))
        answered = from_any(raw.first("time-answered"), _UTC)
        if start and end is None and duration is not None:
            end = (answered or start) + timedelta(seconds=duration)
        return draft(
            raw.index,
            direction,
            start,
            source_id="/".join(filter(None, map(raw.first, ("historyid", "callid")))) or None,
            caller=caller,
            called=called,
            user_id=_party(raw, *(("to-dn",) if direction == "inbound" else ("from-dn",))),
            answered_at=answered,
            ended_at=end,
        )


def _party(raw: RawCall, *names: str) -> str | None:
    value = raw.first(*names)
    return _EXTENSION.sub("", value, count=1) if value else None
