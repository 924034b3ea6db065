"""Counts that an organisation publishes: a page, and the same for programs."""

from typing import Final

from flask import Response, jsonify

from connector.http.centre.centres import Centre, found_centre, work_of
from connector.http.centre.pages import page
from connector.http.centre.robots import count_look
from connector.statistics.published import FEWEST, Cell, is_published, published_cells
from privacy.core.errors import NotFound
from tenants.http.access import public

_REASON: Final = "Counts of months that identify nobody, where the organisation publishes them."


@public(_REASON)
def statistics(centre_key: str) -> Response:
    """By month and direction; small counts are suppressed."""
    centre, cells = _published(centre_key)
    return page("statistics", centre=centre, cells=cells, fewest=FEWEST)


@public(_REASON)
def statistics_json(centre_key: str) -> Response:
    """The same; null is a count that is too small to be told."""
    _, cells = _published(centre_key)
    listed = [
        {
            "month": one.month.strftime("%Y-%m"),
            "direction": one.direction,
            "calls": one.calls,
            "minutes": one.minutes,
        }
        for one in cells
    ]
    return jsonify(suppressed_below=FEWEST, cells=listed)


def _published(key: str) -> tuple[Centre, list[Cell]]:
    """Raises NotFound where nothing is published; TooManyRequests."""
    centre = found_centre(key)
    if not centre.publishes:
        raise NotFound
    count_look(centre)
    with work_of(centre) as work:
        if not is_published(work):
            raise NotFound
        return centre, published_cells(work)
