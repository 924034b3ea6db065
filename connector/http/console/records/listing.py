"""Pages of a list, the latest change first."""

from typing import Any, Final

from flask import request, url_for

from connector.synced.read import Listing, RecordPage, list_records
from connector.synced.shelves import S, Shelf
from privacy.core.db.work import UnitOfWork
from tenants.http.services import services

PAGE: Final = 50


def page_of(work: UnitOfWork, shelf: Shelf[S], *, held: bool = False) -> RecordPage[S]:
    """The page that the address asks for."""
    listing = Listing(cursor=request.args.get("after"), limit=PAGE, newest_first=True, held=held)
    return list_records(work, vault=services().vault, shelf=shelf, listing=listing)


def pager_of(endpoint: str, page: RecordPage[S], **more: Any) -> dict[str, str | None]:
    """Where older and newer ones are."""
    older = page.next_cursor
    return {
        "older": url_for(endpoint, after=older, **more) if older else None,
        "newer": url_for(endpoint, **more) if request.args.get("after") else None,
    }
