"""XML with nothing in it but elements and text.

A DTD is what external entities and expanding ones need (ASVS 5.0, 1.5.1; ATTACK: XXE, billion
laughs), and no exchange sends one: any is refused before a parser sees it. Depth is capped while
reading, since a parser's own cap is far above what a call record needs.
"""

import re
from io import BytesIO
from typing import Final

from lxml import etree

from connector.calls.rejections import RejectionCode
from connector.providers.base import MAX_DOCUMENT, MappingError

MAX_DEPTH: Final = 32
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>", re.DOTALL)


def read_xml(text: str) -> etree._Element:
    """The root element. Raises MappingError; the text was decoded by us, so that a declared
    encoding cannot hide markup from this look at it."""
    if len(text) > MAX_DOCUMENT:
        raise MappingError(RejectionCode.UNREADABLE, "It is longer than 1 MiB.")
    if "<!DOCTYPE" in text.upper() or "<!ENTITY" in text.upper():
        raise MappingError(RejectionCode.FORBIDDEN_MARKUP)
    try:
        return _parse(_DECLARATION.sub("", text).strip().encode())
    except (etree.XMLSyntaxError, ValueError):
        raise MappingError(RejectionCode.UNREADABLE, "It is not well-formed XML.") from None


def _parse(body: bytes) -> etree._Element:
    events = etree.iterparse(
        BytesIO(body),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    depth = 0
    root: etree._Element | None = None
    for event, element in events:
        root = element if root is None else root
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise MappingError(RejectionCode.FORBIDDEN_MARKUP)
    if root is None:
        raise MappingError(RejectionCode.UNREADABLE)
    return root
