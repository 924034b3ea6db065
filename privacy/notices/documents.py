"""A notice as a document: sections of blocks, without any markup, ready for every kind of page."""

from typing import Any

import msgspec


class Paragraph(msgspec.Struct, tag="paragraph", frozen=True):
    """Running text."""

    text: str


class Points(msgspec.Struct, tag="points", frozen=True):
    """A list."""

    items: list[str]


class Facts(msgspec.Struct, tag="facts", frozen=True):
    """Terms and what is to be said of each; `title` where it is about one thing of several."""

    rows: list[tuple[str, str]]
    title: str = ""


class Links(msgspec.Struct, tag="links", frozen=True):
    """Addresses elsewhere: label and URL."""

    title: str
    items: list[tuple[str, str]]


Block = Paragraph | Points | Facts | Links


class Section(msgspec.Struct, frozen=True):
    """A part with a heading. `key` is its anchor, the same in every language."""

    key: str
    heading: str
    blocks: list[Block]


class Document(msgspec.Struct, frozen=True):
    """A whole notice in one language."""

    language: str
    title: str
    lead: str
    sections: list[Section]

    def text(self) -> str:
        """All words, a line for each thing: what a search, a test or a reader of mail sees."""
        lines = [self.title, self.lead]
        for section in self.sections:
            lines.append(section.heading)
            for block in section.blocks:
                lines += _lines(block)
        return "\n".join(lines)


def _lines(block: Block) -> list[str]:
    match block:
        case Paragraph(text):
            return [text]
        case Points(items):
            return list(items)
        case Facts(rows, title):
            return [*([title] if title else []), *(f"{term}: {said}" for term, said in rows)]
        case Links(title, items):
            return [title, *(f"{label}: {url}" for label, url in items)]


def to_json(value: Any) -> str:
    """Documents as they are kept."""
    return msgspec.json.encode(value, order="deterministic").decode()


def documents_of(text: str | bytes) -> dict[str, Document]:
    """What `to_json` wrote of documents by language."""
    return msgspec.json.decode(text, type=dict[str, Document])
