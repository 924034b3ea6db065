"""Text that says what it shows: nothing in it is hidden, turns its direction or ends a string.

What is typed in a form is cleaned; what a register is given for good is refused instead, so that
nobody is quoted with words that they did not write.
"""

import unicodedata
from typing import Final

_HIDDEN: Final = frozenset({"Cc", "Cs", "Co", "Cn"})
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Unicode TR 36: a text that reads otherwise than it is written."""


def is_line(text: str, *, longest: int) -> bool:
    """Whether it is one line of printable characters, not longer than that."""
    return len(text) <= longest and text.isprintable()


def is_name(text: str, *, longest: int) -> bool:
    """Whether it says a name: something, in one line, without hidden or turning characters, and not
    longer than that but for spaces around. Names stand in subjects of mails, in notices and in
    columns of text, where a NUL is refused by the database and a line's end begins another line."""
    bare = text.strip()
    return 0 < len(bare) <= longest and not any(map(_hides, bare))


def is_text(text: str, *, longest: int) -> bool:
    """Whether it is lines without hidden or turning characters, not longer than that."""
    if len(text) > longest:
        return False
    return not any(_hides(one) for one in text if one not in "\n\r\t")


def _hides(character: str) -> bool:
    return character in _TURNING or unicodedata.category(character) in _HIDDEN
