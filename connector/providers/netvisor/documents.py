"""Reading Netvisor's XML: large, erratic in its letters, and trusted with nothing.

Any DTD is refused where it begins, in whatever encoding (ASVS 5.0, 1.5.1; ATTACK 48). Depth,
elements and text are capped, and of a long list only one item is in memory at a time. Names of
elements and attributes are in lower case here, since Netvisor's own are not consistent.

`xml_documents` reads one short document from text; this reads bytes, of lists, as a stream.
"""

from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from connector.outbound.failures import SystemFailure

MAX_DEPTH: Final = 32
MAX_ELEMENTS: Final = 50_000
"""Of one item: an invoice with a few thousand lines."""
MAX_TEXT: Final = 4 * 1024 * 1024
"""Characters of one item, attributes included."""
MAX_TOKEN: Final = 256 * 1024
"""Bytes of one tag. Text comes in pieces, a tag does not, and is scanned again for each piece of
the body that does not end it."""
_FIRST_PIECE: Final = 2 * 1024
"""The envelope is in it, and is read before everything else."""
_PIECE: Final = 64 * 1024
_MOST_NAMES: Final = 1_000


class UnreadableXml(SystemFailure):
    """Not well-formed, or more than an answer of Netvisor's can be."""

    code = "answer_unreadable"
    message = "Netvisor's answer could not be read."


class Node:
    """An element: `name` and `attributes` in lower case, its own text, its children in order."""

    __slots__ = ("attributes", "children", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.text = ""
        self.children: list[Node] = []

    def child(self, *names: str) -> "Node | None":
        """The first child of one of these names."""
        for child in self.children:
            if child.name in names:
                return child
        return None

    def all(self, *names: str) -> "list[Node]":
        """All children of these names: none, one or many."""
        return [child for child in self.children if child.name in names]

    def at(self, *path: str) -> "Node":
        """The node down this path; an empty one where there is none."""
        node: Node = self
        for name in path:
            node = node.child(name) or Node(name, {})
        return node

    def said(self, *names: str) -> str:
        """The text of the first child of one of these names; empty when missing or empty."""
        found = self.child(*names)
        return found.text.strip() if found else ""


def read_nodes(body: bytes, wanted: frozenset[str]) -> Iterator[Node]:
    """The elements of these names, outermost ones only, in their order.

    Raises UnreadableXml, possibly after some of them: what came before is no whole answer.
    """
    reader = _Reader(wanted)
    start, end = 0, _FIRST_PIECE
    while start == 0 or start < len(body):
        yield from reader.feed(body[start:end], end >= len(body))
        start, end = end, end + _PIECE


class _Reader:
    def __init__(self, wanted: frozenset[str]) -> None:
        self._wanted = wanted
        self._stack: list[Node | None] = []
        self._open: list[Node] = []
        self._done: list[Node] = []
        self._elements = 0
        self._characters = 0
        self._fed = 0
        self._names: dict[str, str] = {}
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def feed(self, piece: bytes, last: bool) -> list[Node]:
        """What ended within this piece."""
        self._fed += len(piece)
        try:
            self._parser.Parse(piece, last)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise UnreadableXml(log=f"not well-formed: {type(error).__name__}") from None
        if self._fed - self._parser.CurrentByteIndex > MAX_TOKEN:
            raise UnreadableXml(log="a tag without an end")
        done, self._done = self._done, []
        return done

    def _refuse(self, *_: object) -> None:
        raise UnreadableXml(log="a DTD")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise UnreadableXml(log="deeper than 32")
        local = self._names.get(name) or self._local(name)
        if not self._open and local not in self._wanted:
            self._stack.append(None)
            return
        self._elements += 1
        if attributes:
            self._characters += sum(map(len, attributes.values()))
            attributes = {key.lower(): value for key, value in attributes.items()}
        if self._elements > MAX_ELEMENTS or self._characters > MAX_TEXT:
            raise UnreadableXml(log="an item of too many elements or letters")
        node = Node(local, attributes)
        if self._open:
            self._open[-1].children.append(node)
        self._open.append(node)
        self._stack.append(node)

    def _local(self, name: str) -> str:
        """Without prefix, in lower case; the same few names come again and again."""
        if len(self._names) >= _MOST_NAMES:
            self._names.clear()
        return self._names.setdefault(name, name.rpartition(":")[2].lower())

    def _text(self, text: str) -> None:
        if not self._open:
            return
        self._characters += len(text)
        if self._characters > MAX_TEXT:
            raise UnreadableXml(log="an item of too many letters")
        self._open[-1].text += text

    def _end(self, _: str) -> None:
        node = self._stack.pop()
        if node is None:
            return
        self._open.pop()
        if not self._open:
            self._done.append(node)
            self._elements = self._characters = 0
