"""Names of an archive's entries that lead nowhere but into the folder."""

import unicodedata
from pathlib import PurePosixPath
from typing import Final

from privacy.core.archives.refusals import ArchiveRefused

MOST_PARTS: Final = 16
LONGEST: Final = 240
"""Letters of a whole name; file systems allow 255 bytes for each part."""
_BAD: Final = frozenset('\\:*?"<>|')
_DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{kind}{n}" for kind in ("com", "lpt") for n in range(10))}
)


def safe_name(name: str) -> PurePosixPath:
    """The relative path that a name is. Raises ArchiveRefused.

    Refused and never corrected: a name that was cut to be harmless is another file's name.
    """
    plain = name.removesuffix("/")
    parts = plain.split("/")
    wrong = (
        not plain
        or len(plain) > LONGEST
        or len(plain.encode("utf-8", "surrogatepass")) > LONGEST
        or len(parts) > MOST_PARTS
        or not all(map(_is_plain, parts))
    )
    if wrong:
        raise ArchiveRefused("a name that leads elsewhere, or nowhere")
    return PurePosixPath(*parts)


def same_file(path: PurePosixPath) -> str:
    """Equal for names that some file system takes for one: by case, or by Unicode's forms."""
    return unicodedata.normalize("NFKC", str(path)).casefold()


def _is_plain(part: str) -> bool:
    if part in ("", ".", "..") or part != part.strip() or part.endswith("."):
        return False
    if _BAD & set(part) or part.partition(".")[0].lower() in _DEVICES:
        return False
    return all(unicodedata.category(letter)[0] != "C" for letter in part)
