"""Cells of a CSV file that a spreadsheet may open: none of them is a formula (ATTACK 50).

The rule, which a reader can undo: a text that begins with = + - @, a tab, a line break, NUL, an
apostrophe or a full-width form of the signs gets an apostrophe in front. A telephone number in
E.164 (+ and 7 to 15 digits, nothing else) computes nothing and stays exactly as it is.
"""

import re
from typing import Final

_E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_RISKY: Final = frozenset("=+-@\t\r\n\0'＝＋－＠")
_MARK: Final = "'"


def to_cell(text: str | None) -> str:
    """The text as a cell; none and empty are alike."""
    if not text:
        return ""
    if text[0] not in _RISKY or _E164.fullmatch(text):
        return text
    return _MARK + text


def from_cell(cell: str) -> str | None:
    """What `to_cell` was given."""
    return cell.removeprefix(_MARK) or None
