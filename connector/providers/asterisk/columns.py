"""Which column of Master.csv is which: 16 are always there, up to five depend on cdr.conf."""

import re
from typing import Final

_FIXED: Final = (
    *("accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp"),
    *("lastdata", "start", "answer", "end", "duration", "billsec", "disposition", "amaflags"),
)
_NEW: Final = ("peeraccount", "linkedid", "sequence")
_UNIQUE_ID = re.compile(r"(?:\S*-)?\d{9,11}\.\d+")


def named(cells: list[str]) -> dict[str, str] | None:
    """Cells by name, or None when this is no row of Master.csv.

    With 17 or 20 columns one of uniqueid and userfield is there, which only the text can tell.
    """
    extra = len(cells) - len(_FIXED)
    if not 0 <= extra <= 5:
        return None
    options = {0: (), 1: _one_of(cells), 2: _BOTH, 3: _NEW, 4: (*_one_of(cells), *_NEW)}
    names = (*_FIXED, *options.get(extra, (*_BOTH, *_NEW)))
    return dict(zip(names, cells, strict=True))


_BOTH: Final = ("uniqueid", "userfield")


def _one_of(cells: list[str]) -> tuple[str, ...]:
    candidate = cells[len(_FIXED)] if len(cells) > len(_FIXED) else ""
    return ("uniqueid",) if _UNIQUE_ID.fullmatch(candidate.strip()) else ("userfield",)


def is_header(cells: list[str]) -> bool:
    """Some installations write the names first."""
    return [cell.strip().lower() for cell in cells[:3]] == ["accountcode", "src", "dst"]
