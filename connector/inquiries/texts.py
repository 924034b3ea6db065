"""What people type, as it is kept: Unicode of one form, without characters that only deceive.

Control characters, direction overrides (Unicode TR 36, "Trojan Source") and line separators go; a
message keeps its lines. So nothing that was typed can begin a header, a log line or a command.
"""

import re
import unicodedata
from typing import Final

_SPACES = re.compile(r"\s+")
_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_MANY_LINES = re.compile(r"\n{4,}")
_DECEIVING: Final = frozenset(
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff"
)


def one_line(text: str) -> str:
    """A name or an address: one line, single spaces."""
    return _SPACES.sub(" ", _plain(_BREAKS.sub(" ", text), keep="\t")).strip()


def many_lines(text: str) -> str:
    """A message: its lines, and at most two empty ones in a row."""
    plain = _plain(_BREAKS.sub("\n", text), keep="\n\t")
    lines = "\n".join(line.rstrip() for line in plain.split("\n"))
    return _MANY_LINES.sub("\n\n\n", lines).strip()


def _plain(text: str, *, keep: str) -> str:
    normal = unicodedata.normalize("NFC", text)
    return "".join(c for c in normal if c in keep or not _is_hidden(c))


def _is_hidden(character: str) -> bool:
    return character in _DECEIVING or unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn")
