"""mod_json_cdr and mod_xml_cdr documents to one flat table: `variables.*`, `profile.*`, `times.*`.

Both write the same tree. The callflow has one entry for each profile of the call, the newest
first; a transfer adds one. What was dialled, and when it began, is in the oldest.
"""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from connector.calls.rejections import RejectionCode
from connector.providers.base import MAX_DOCUMENT, MappingError
from connector.providers.json_documents import MAX_DEPTH, flatten, read_json
from connector.providers.texts import document_in
from connector.providers.xml_documents import read_xml


def read_documents(body: bytes) -> list[dict[str, str]]:
    """The tables of a body in any of the encodings; usually one. Raises MappingError."""
    text = document_in(body, b"cdr")
    if len(text) > MAX_DOCUMENT:
        raise MappingError(RejectionCode.UNREADABLE, "It is longer than 1 MiB.")
    tree = _from_xml(text) if text.lstrip().startswith("<") else read_json(text)
    documents = tree if isinstance(tree, list) else [tree]
    return [_table(document) for document in documents]


def _from_xml(text: str) -> Any:
    root = read_xml(text)
    cdrs = [root] if root.tag == "cdr" else root.findall("cdr")
    if not cdrs:
        raise MappingError(RejectionCode.WRONG_SHAPE, "The XML has no cdr element.")
    return [_tree(cdr) for cdr in cdrs]


def _tree(element: etree._Element, depth: int = 0) -> dict[str, Any]:
    """Elements as JSON has them: a repeated callflow is a list, of all others the first counts."""
    tree: dict[str, Any] = {}
    for child in element:
        name = str(child.tag)
        deeper = len(child) and depth < MAX_DEPTH
        value: Any = _tree(child, depth + 1) if deeper else (child.text or "")
        if name == "callflow":
            tree.setdefault(name, []).append(value)
        else:
            tree.setdefault(name, value)
    return tree


def _table(document: Any) -> dict[str, str]:
    if not isinstance(document, dict) or not isinstance(document.get("variables"), dict):
        raise MappingError(RejectionCode.WRONG_SHAPE, "The document has no variables.")
    profile = _oldest(document.get("callflow"))
    found = {
        "variables": document["variables"],
        "profile": profile.get("caller_profile"),
        "times": profile.get("times"),
    }
    return flatten(found)


def _oldest(callflow: Any) -> Mapping[str, Any]:
    """The entry whose profile was created first; the last one where they do not say."""
    entries = callflow if isinstance(callflow, list) else [callflow]
    profiles = [entry for entry in entries if isinstance(entry, dict)]
    if not profiles:
        return {}
    return min(reversed(profiles), key=_created)


def _created(profile: Mapping[str, Any]) -> int:
    times = profile.get("times")
    created = times.get("profile_created_time") if isinstance(times, dict) else None
    text = created if isinstance(created, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
