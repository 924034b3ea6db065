"""Which mails a machine wrote (RFC 3834 §5, RFC 3464), and what a delivery report reports."""

import re
import uuid
from collections.abc import Iterator
from email import message_from_string
from email.message import Message
from typing import Final

from privacy.mailboxes.headers import Headers, answered, first
from privacy.mailboxes.shapes import Automatic

_STATUS: Final = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_BULK: Final = frozenset({"bulk", "list", "junk"})
_ITSELF: Final = re.compile(
    r"<([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})@"
)


def automatic(mail: Headers) -> Automatic | None:
    """What kind of machine wrote it; None where a person seems to have."""
    if _is_report(mail):
        return Automatic.BOUNCE
    submitted = first(mail, "Auto-Submitted").split(";")[0].strip().lower()
    precedence = first(mail, "Precedence").strip().lower()
    if submitted not in ("", "no") or precedence == "auto_reply" or _autoreplies(mail):
        return Automatic.REPLY
    if first(mail, "Return-Path").replace(" ", "") == "<>":
        return Automatic.BOUNCE
    if precedence in _BULK or first(mail, "List-Id") or first(mail, "List-Unsubscribe"):
        return Automatic.BULK
    return None


def status_of(mail: Headers) -> str:
    """The worst status of a delivery report (RFC 3463); empty where it says none."""
    found = [code for part in _parts(mail, "message/delivery-status") for code in _statuses(part)]
    return max(found, default="")


def bounced(mail: Headers) -> Iterator[uuid.UUID]:
    """Mails of ours that came back: the report holds their headers, or replies to them."""
    for part in _parts(mail, "message/rfc822"):
        for inner in inside(part)[:1]:
            yield from _itself(inner)
    for part in _parts(mail, "text/rfc822-headers"):
        payload = part.get_payload()
        if isinstance(payload, str):
            yield from _itself(message_from_string(payload[:100_000]))
    yield from answered(mail)


def inside(part: Headers) -> list[Headers]:
    """Parts of a part; none where it is a leaf."""
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _is_report(mail: Headers) -> bool:
    return mail.get_content_type() == "multipart/report" and (
        str(mail.get_param("report-type", "")).lower() == "delivery-status"
    )


def _autoreplies(mail: Headers) -> bool:
    names = ("X-Autoreply", "X-Autorespond", "X-Autoresponse", "X-Auto-Reply")
    return any(first(mail, name) for name in names)


def _parts(mail: Headers, kind: str) -> list[Headers]:
    if not mail.is_multipart():
        return []
    return [part for part in mail.walk() if part.get_content_type() == kind]


def _statuses(part: Headers) -> Iterator[str]:
    for block in inside(part):
        matched = _STATUS.match(first(block, "Status").strip())
        if matched is not None:
            yield matched[0]


def _itself(mail: Headers) -> Iterator[uuid.UUID]:
    yield from map(uuid.UUID, _ITSELF.findall(first(mail, "Message-ID"))[:1])
