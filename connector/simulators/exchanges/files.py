"""Exchanges that write files: Asterisk's Master.csv and 3CX's lines, sent whole each time."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from connector.simulators.exchanges.calls import MadeCall
from connector.simulators.exchanges.posts import CSV, Post


def master_csv(calls: Sequence[MadeCall], *, zone: ZoneInfo) -> Post:
    """All calls so far, in the exchange's local time; uploaded as curl -T does."""
    written = io.StringIO()
    rows = csv.writer(written, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    for call in calls:
        rows.writerow(_asterisk(call, zone))
    return Post(written.getvalue().encode(), CSV, method="PUT")


def threecx_csv(calls: Sequence[MadeCall]) -> Post:
    """All calls so far, in UTC and the usual order of fields."""
    return Post("".join(map(_threecx, calls)).encode(), CSV, method="PUT")


def _asterisk(call: MadeCall, zone: ZoneInfo) -> list[str | int]:
    def local(moment: datetime | None) -> str:
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if moment else ""

    context = "from-trunk" if call.inbound else "from-internal"
    trunk, phone = "PJSIP/trunk-0000001a", f"PJSIP/{call.extension}-0000001b"
    return [
        *("", call.caller, call.called, context, f'"{call.name}" <{call.caller}>'),
        *((trunk, phone) if call.inbound else (phone, trunk)),
        *("Dial", f"PJSIP/{call.called},20"),
        *(local(call.started), local(call.answered), local(call.ended)),
        *(call.seconds, call.talked, "ANSWERED" if call.answered else "NO ANSWER"),
        *("DOCUMENTATION", f"{int(call.started.timestamp())}.{call.number}"),
    ]


def _threecx(call: MadeCall) -> str:
    def said(moment: datetime | None) -> str:
        return moment.strftime("%Y/%m/%d %H:%M:%S") if moment else ""

    hours, rest = divmod(call.talked, 3600)
    duration = f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"
    inside = f"Ext.{call.extension}"
    parties = (call.caller, inside) if call.inbound else (inside, call.called)
    lines = ("10000", call.extension) if call.inbound else (call.extension, "10000")
    cells = [
        *(f"Call {call.id.hex[:16].upper()}_1", str(call.number), duration),
        *(said(call.started), said(call.answered), said(call.ended)),
        *("TerminatedBySrc", *parties, *lines, "", "", "", "", "", "", "", ""),
        f"Chain: {inside};",
    ]
    return ",".join(cells) + "\r\n"
