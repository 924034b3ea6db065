"""IMAP's words: a line's arguments, and sets of numbers (RFC 3501 §9)."""

import re
from typing import Final

Word = str | list["Word"]
_WORD: Final = re.compile(
    rb'"((?:[^"\\\r\n]|\\["\\])*)"|(\()|(\))|((?:[^\s()"\[]|\[[^\]]*\](?:<[0-9.]+>)?)+)'
)


class Malformed(Exception):
    """A line that is no IMAP."""


def read_words(line: bytes) -> list[Word]:
    """Atoms, quoted strings and lists. Raises Malformed."""
    stack: list[list[Word]] = [[]]
    at = 0
    while at < len(line):
        if line[at : at + 1] == b" ":
            at += 1
            continue
        found = _WORD.match(line, at)
        if found is None:
            raise Malformed
        at = found.end()
        _put(stack, found)
    if len(stack) != 1:
        raise Malformed
    return stack[0]


def _put(stack: list[list[Word]], found: re.Match[bytes]) -> None:
    quoted, opened, closed, atom = found.groups()
    if opened:
        stack.append([])
    elif closed:
        if len(stack) == 1:
            raise Malformed
        stack[-2].append(stack.pop())
    elif atom is not None:
        stack[-1].append(atom.decode("ascii", "strict"))
    else:
        stack[-1].append(re.sub(rb"\\(.)", rb"\1", quoted).decode("utf-8", "strict"))


def read_set(text: str, *, highest: int) -> set[int]:
    """`1,4:6,9:*` as numbers. Raises Malformed."""
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition(":")
        low, high = _number(first, highest), _number(last or first, highest)
        found |= set(range(min(low, high), min(max(low, high), highest) + 1))
    return found


def _number(text: str, highest: int) -> int:
    if text == "*":
        return highest
    if not text.isdecimal() or text.startswith("0"):
        raise Malformed
    return int(text)
