"""What is asked of a folder: SEARCH, FETCH, STORE (RFC 3501 §6.4), by UID only."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from connector.simulators.mailbox.stores import Folder, Kept
from connector.simulators.mailbox.words import Malformed, Word, read_set

_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_FLAGS: Final = {
    flag.lower(): flag for flag in (r"\Seen", r"\Deleted", r"\Flagged", r"\Answered", r"\Draft")
}
_STATED: Final = {"SEEN": r"\Seen", "DELETED": r"\Deleted", "FLAGGED": r"\Flagged"}
_BODY: Final = re.compile(r"BODY(\.PEEK)?\[(HEADER|TEXT)?\](?:<(\d+)\.(\d+)>)?", re.IGNORECASE)
_DATE: Final = re.compile(r"(\d{1,2})-([A-Z][a-z]{2})-(\d{4})")


def search(folder: Folder, criteria: list[Word]) -> list[int]:
    """UIDs of mails that fit every criterion. Raises Malformed."""
    words, found = list(criteria), list(folder.mails)
    if not words:
        raise Malformed
    while words:
        word = words.pop(0)
        if not isinstance(word, str):
            raise Malformed
        found = [mail for mail in found if _fits(mail, word.upper(), words)]
        if word.upper() in ("BEFORE", "SINCE", "ON", "UID"):
            words.pop(0)
    return [mail.uid for mail in found]


def _fits(mail: Kept, word: str, rest: list[Word]) -> bool:
    if word == "ALL":
        return True
    if word in _STATED or word.removeprefix("UN") in _STATED:
        has = _STATED[word if word in _STATED else word.removeprefix("UN")] in mail.flags
        return has is (word in _STATED)
    if not rest or not isinstance(rest[0], str):
        raise Malformed
    if word == "UID":
        return mail.uid in read_set(rest[0], highest=mail.uid)
    day, came = _day(rest[0]), mail.came_at.date()
    if word not in ("BEFORE", "SINCE", "ON"):
        raise Malformed
    return {"BEFORE": came < day, "SINCE": came >= day, "ON": came == day}[word]


def _day(text: str) -> date:
    found = _DATE.fullmatch(text)
    if found is None or found[2] not in _MONTHS:
        raise Malformed
    return date(int(found[3]), _MONTHS.index(found[2]) + 1, int(found[1]))


def chosen(folder: Folder, uids: str) -> list[tuple[int, Kept]]:
    """Mails by UID, each with its number in the folder. Unknown ones are passed over."""
    wanted = read_set(uids, highest=max((mail.uid for mail in folder.mails), default=1))
    return [(n, mail) for n, mail in enumerate(folder.mails, 1) if mail.uid in wanted]


def fetch(number: int, mail: Kept, items: list[Word]) -> bytes:
    """One mail's untagged answer. Raises Malformed."""
    parts = [f"UID {mail.uid}".encode()]
    for item in items:
        if not isinstance(item, str):
            raise Malformed
        if item.upper() != "UID":
            parts.append(_item(mail, item))
    return b"* %d FETCH (%s)\r\n" % (number, b" ".join(parts))


def _item(mail: Kept, item: str) -> bytes:
    name = item.upper()
    if name == "FLAGS":
        return f"FLAGS ({' '.join(sorted(mail.flags))})".encode()
    if name == "RFC822.SIZE":
        return b"RFC822.SIZE %d" % len(mail.data)
    if name == "INTERNALDATE":
        return f'INTERNALDATE "{written(mail.came_at)}"'.encode()
    found = _BODY.fullmatch(item)
    if found is None:
        raise Malformed
    return _body(mail, found)


def _body(mail: Kept, found: re.Match[str]) -> bytes:
    peek, section, first, length = found.groups()
    heads, _, text = mail.data.partition(b"\r\n\r\n")
    data = {"": mail.data, "HEADER": heads + b"\r\n\r\n", "TEXT": text}[(section or "").upper()]
    place = ""
    if first is not None:
        data, place = data[int(first) : int(first) + int(length)], f"<{first}>"
    if not peek:
        mail.flags.add(r"\Seen")
    return f"BODY[{(section or '').upper()}]{place} {{{len(data)}}}\r\n".encode() + data


def store(mail: Kept, how: str, flags: list[Word]) -> None:
    """Change a mail's flags. Raises Malformed."""
    named = set(_named(flags))
    action = how.upper().removesuffix(".SILENT")
    if action == "+FLAGS":
        mail.flags |= named
    elif action == "-FLAGS":
        mail.flags -= named
    elif action == "FLAGS":
        mail.flags = named
    else:
        raise Malformed


def _named(flags: list[Word]) -> Iterator[str]:
    for flag in flags:
        if not isinstance(flag, str) or (flag.startswith("\\") and flag.lower() not in _FLAGS):
            raise Malformed
        yield _FLAGS.get(flag.lower(), flag)


def written(moment: datetime) -> str:
    """A moment as IMAP writes it."""
    month = _MONTHS[moment.month - 1]
    return f"{moment.day:2}-{month}-{moment:%Y %H:%M:%S} +0000"
