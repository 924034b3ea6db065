"""The ledger: what was done, by whom, and whether the chain holds."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import func, select
from wtforms import SelectField

from connector.http.console.event_words import GROUPS, actor_label, details_of, event_label
from connector.http.console.wording import plural
from privacy.core.db.work import UnitOfWork
from privacy.ledger.anchors import DirectoryAnchors
from privacy.ledger.events import Event
from privacy.ledger.findings import Report
from privacy.ledger.list_events import EventFilter, ListedEvent, list_events
from privacy.ledger.models import LedgerHead, LedgerPending
from privacy.ledger.record import record
from privacy.ledger.rollbacks import find_rollbacks
from privacy.ledger.signing import load_identity
from privacy.ledger.verify import verify as verify_chain
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.choices import choices
from tenants.http.forms import Sheet
from tenants.http.services import services, work_of_caller
from tenants.memberships.people import list_people
from tenants.permissions import Permission

ledger = Blueprint("ledger", __name__, url_prefix="/ledger")
PAGE = 50


class FilterForm(Sheet):
    """What to show."""

    subject = SelectField(
        "Show", choices=choices((("", "Everything"), *GROUPS.items())), default=""
    )


@dataclass(frozen=True, slots=True)
class EventFacts:
    """An event as a line of the list."""

    at: datetime
    name: str
    label: str
    actor: str
    details: str
    position: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How the chain stands, in a sentence."""

    tone: str
    title: str
    text: str


@ledger.get("")
@requires(Permission.LEDGER_READ)
def index() -> str:
    """A page of events, newest first."""
    with work_of_caller() as work:
        standing = _standing(work)
    return _page(standing)


@ledger.post("/verify")
@requires(Permission.LEDGER_READ)
def verify() -> str:
    """Check every link, the signature and the anchors, now."""
    settings = services().settings
    identity = load_identity(settings.keys_folder, pinned=settings.ledger_public_key)
    anchors = DirectoryAnchors(settings.anchor_folder)
    with work_of_caller() as work:
        report = verify_chain(work.connection, identity, anchors, tenant_id=work.tenant_id)
        rolled_back = find_rollbacks(work.connection, tenant_id=work.tenant_id)
        report = report.including(rolled_back)
        record(work, Event.LEDGER_VERIFIED, facts={"links": report.links, "intact": report.intact})
    return _page(_verified(report))


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
        events=_lines(page.events),
        standing=standing,
        newer=url_for("ledger.index", subject=only) if cursor else None,
        older=older,
    )


def _cursor() -> uuid.UUID | None:
    try:
        return uuid.UUID(request.args["before"])
    except (KeyError, ValueError):
        return None


def _lines(events: Sequence[ListedEvent]) -> list[EventFacts]:
    people = list_people(services().desk, principal=caller())
    names = {person.user_id: person.name for person in people}
    return [
        EventFacts(
            at=event.at,
            name=event.event,
            label=event_label(event.event),
            actor=_actor(event, names),
            details=details_of(event.facts, event.subject),
            position=event.position,
        )
        for event in events
    ]


def _actor(event: ListedEvent, names: dict[uuid.UUID, str]) -> str:
    known = names.get(event.actor_id) if event.actor_id else None
    return known or actor_label(event.actor_kind)


def _standing(work: UnitOfWork) -> Standing:
    head = work.session.scalar(select(LedgerHead))
    pending = work.session.scalar(select(func.count()).select_from(LedgerPending)) or 0
    if head is None:
        text = f"{plural(pending, 'event waits', 'events wait')} for a first place in the chain."
        return Standing("", "The chain begins", text)
    text = (
        f"{plural(head.position, 'event is', 'events are')} chained and signed, "
        f"{plural(head.anchored, 'is', 'are')} anchored outside the database, "
        f"{plural(pending, 'waits', 'wait')}."
    )
    return Standing("", "Chained and signed", text)


def _verified(report: Report) -> Standing:
    links = plural(report.links, "link", "links")
    if report.first is None:
        return Standing("good", "Verified just now", f"All {links} hold, and so do the anchors.")
    place = f" at position {report.first.position}" if report.first.position else ""
    text = f"{report.first.message[0].upper()}{report.first.message[1:]}{place}. Tell the operator."
    return Standing("bad", "The chain does not hold", text)
