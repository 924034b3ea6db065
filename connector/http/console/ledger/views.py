"""The ledger: what was done, by whom, and whether the chain holds."""

import uuid

from flask import Blueprint, render_template, request, url_for
from wtforms import SelectField

from connector.http.console.event_words import GROUPS
from connector.http.console.ledger.lines import lines_of
from connector.http.console.ledger.standings import (
    Standing,
    length_of,
    standing_of,
    under_way,
    verified,
)
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.ledger.anchors import DirectoryAnchors
from privacy.ledger.events import Event
from privacy.ledger.list_events import EventFilter, list_events
from privacy.ledger.record import record
from privacy.ledger.rollbacks import find_rollbacks
from privacy.ledger.signing import load_identity
from privacy.ledger.verify import verify as verify_chain
from tenants.http.access import requires
from tenants.http.choices import choices
from tenants.http.forms import Sheet
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission

ledger = Blueprint("ledger", __name__, url_prefix="/ledger")
PAGE = 50
LONGEST_AT_ONCE = 20_000
"""Links that are verified while somebody waits, in less than a second."""


class FilterForm(Sheet):
    """What to show."""

    subject = SelectField(
        "Show", choices=choices((("", "Everything"), *GROUPS.items())), default=""
    )


@ledger.get("")
@requires(Permission.LEDGER_READ)
def index() -> str:
    """A page of events, newest first."""
    with work_of_caller() as work:
        standing = standing_of(work)
    return _page(standing)


@ledger.post("/verify")
@requires(Permission.LEDGER_READ)
def verify() -> str:
    """Check every link, the signature and the anchors: now, or by a job where that takes long."""
    with work_of_caller() as work:
        if length_of(work) > LONGEST_AT_ONCE:
            minute = f"{work.now:%Y-%m-%dT%H:%M}"
            enqueue(work, name=JobName.LEDGER_VERIFY_OWN, dedupe_key=f"ledger.verify:{minute}")
            return _page(under_way())
    return _page(_verified_now())


def _verified_now() -> Standing:
    settings = services().settings
    identity = load_identity(settings.keys_folder, pinned=settings.ledger_public_key)
    anchors = DirectoryAnchors(settings.anchor_folder)
    with work_of_caller() as work:
        report = verify_chain(work.connection, identity, anchors, tenant_id=work.tenant_id)
        rolled_back = find_rollbacks(work.connection, tenant_id=work.tenant_id)
        report = report.including(rolled_back)
        record(work, Event.LEDGER_VERIFIED, facts={"links": report.links, "intact": report.intact})
    return verified(report)


def _page(standing: Standing) -> str:
    form = FilterForm(request.args)
    prefix = form.subject.data if form.validate() else ""
    cursor = _cursor()
    with work_of_caller() as work:
        page = list_events(
            work, cursor=cursor, limit=PAGE, where=EventFilter(event_prefix=prefix or None)
        )
        record(work, Event.LEDGER_VIEWED, facts={"count": len(page.events)})
    following, only = page.next_cursor, prefix or None
    older = url_for("ledger.index", before=following, subject=only) if following else None
    return render_template(
        "ledger/index.html",
        form=form,
        events=lines_of(page.events),
        standing=standing,
        newer=url_for("ledger.index", subject=only) if cursor else None,
        older=older,
    )


def _cursor() -> uuid.UUID | None:
    try:
        return uuid.UUID(request.args["before"])
    except (KeyError, ValueError):
        return None
