"""Pages of Partner Center: a size, and then a token in a header for each next page.

The next URL in the documentation has two `?`. It is not followed: only the token is taken from
it, and the URL is our own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from connector.providers.microsoft.client import MicrosoftClient
from connector.providers.microsoft.documents import Values, objects_in
from connector.providers.microsoft.failures import UnreadableJson

SIZE: Final = 100


@dataclass(frozen=True, slots=True)
class PartnerPage:
    """Some items. `place` leads to them, `following` to the next; both empty at the ends."""

    items: list[dict[str, Any]]
    place: str
    following: str
    total: int | None


def pages_of(
    client: MicrosoftClient, path: str, *, place: str, where: str
) -> Iterator[PartnerPage]:
    """Pages from `place` on (empty: from the beginning). Raises Failure; Expired where the token
    is no longer known."""
    while True:
        page = _page(client, path, place, where)
        yield page
        if not page.following:
            return
        if page.following == place:
            raise UnreadableJson(log=f"{where}, a page that follows itself")
        place = page.following


def _page(client: MicrosoftClient, path: str, place: str, where: str) -> PartnerPage:
    query: dict[str, str | int] = {"size": SIZE}
    headers = {}
    if place:
        query["seekOperation"], headers["MS-ContinuationToken"] = "Next", place
    document = client.get(path, query, where=where, headers=headers)
    items = objects_in(document, "items", where=where)
    return PartnerPage(items, place, _following(document), Values(document).whole("totalCount"))


def _following(document: Mapping[str, Any]) -> str:
    """The token beside the next link: a list of {key, value}, or it stands by itself."""
    link = Values(document).at("links", "next")
    for header in link.each("headers"):
        if header.string("key").lower() == "ms-continuationtoken":
            return header.string("value")
    return ""
