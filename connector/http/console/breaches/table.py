"""The register of breaches as a table: a line for each loss, with what it reached."""

import csv
import io
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from flask import Response

from connector.calls.cells import to_cell
from connector.http.console.breaches.views import breaches
from privacy.breaches.find import MOST, list_breaches
from privacy.breaches.scopes import scope_in_words
from privacy.breaches.shapes import BreachView
from tenants.http.access import requires
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission

_NAMES: Final = (
    *("id", "service", "role", "discovered_at", "recorded_at", "closed_at", "risk", "exercise"),
    *("nature", "consequences", "measures", "responsible", "tables", "people", "scope"),
    *("due", "told", "notes"),
)


@breaches.get("/register.csv")
@requires(Permission.BREACHES_READ)
def register_csv() -> Response:
    """Every loss, notified or not, for an authority that asks (GDPR Art. 33(5))."""
    answer = Response(as_csv(_all(), to_cell), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=breaches.csv"
    return answer


def as_csv(views: Iterable[BreachView], cell: Callable[[str], str]) -> str:
    """RFC 4180, with a header. `cell` makes a text safe for a spreadsheet (ATTACK 50)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_NAMES)
    for view in views:
        writer.writerow([cell(text) for text in _line(view)])
    return out.getvalue()


def _line(view: BreachView) -> Iterator[str]:
    what, scope = view.what, view.what.scope
    yield from (str(view.id), view.service, view.role)
    for moment in (view.discovered_at, view.recorded_at, view.closed_at):
        yield moment.isoformat() if moment else ""
    yield from (view.risk.value, "yes" if view.drill else "no")
    yield from (what.nature, what.consequences, what.measures, what.responsible)
    yield from (", ".join(view.tables), "" if view.people is None else str(view.people))
    yield "; ".join(scope_in_words(scope)) if scope else ""
    yield "; ".join(f"{one.name} {one.due_at.isoformat()}" for one in view.clocks)
    told = (one for one in view.clocks if one.done_at is not None)
    yield "; ".join(f"{one.name} {one.done_at.isoformat()}" for one in told if one.done_at)
    yield "; ".join(f"{note.kind}: {note.text}" for note in view.notes)


def _all() -> Iterator[BreachView]:
    before: uuid.UUID | None = None
    while True:
        with work_of_caller() as work:
            page = list_breaches(work, services().vault, before=before)
        yield from page
        if len(page) < MOST:
            return
        before = page[-1].id
