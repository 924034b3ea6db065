"""What a mail says, as plain text: markup taken off, the quotation at its end left out."""

import re
from html.parser import HTMLParser
from typing import Final

MOST_MARKUP: Final = 100_000
"""Characters that are parsed; the parser of the library is slow on hostile ones."""
_SILENT: Final = frozenset({"script", "style", "head", "title", "template", "noscript"})
_BREAKING: Final = frozenset(
    {"p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "blockquote", "hr"}
)
_SPACES: Final = re.compile(r"[ \t\r\f\v\n]+")
_EMPTY_LINES: Final = re.compile(r"\n{3,}")
_ON_DATE: Final = re.compile(r".{1,300}:\s*")


def text_of_markup(markup: str) -> str:
    """The text of a page in HTML. Links, pictures and scripts are left out."""
    reader = _Reader()
    reader.feed(markup[:MOST_MARKUP])
    lines = [_SPACES.sub(" ", line).strip() for line in "".join(reader.said).split("\n")]
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def without_quotation(text: str) -> str:
    """Leave out the lines at the end that begin with `>`, and the one that introduces them.

    What stands between or below quoted lines stays as it is: it may answer them.
    """
    lines = text.rstrip().split("\n")
    end = len(lines)
    while end and (lines[end - 1].startswith(">") or not lines[end - 1].strip()):
        end -= 1
    quoted = any(line.startswith(">") for line in lines[end:])
    if not quoted or not end:
        return text.strip()
    if _ON_DATE.fullmatch(lines[end - 1]):
        end -= 1
    return "\n".join(lines[:end]).strip() or text.strip()


class _Reader(HTMLParser):
    """Keeps what would be seen. Nothing is loaded, nothing is run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        if tag in _BREAKING:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        if tag in _BREAKING:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(data.replace("\n", " "))
