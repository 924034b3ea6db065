"""How a chain stands, in a sentence."""

from dataclasses import dataclass

from sqlalchemy import func, select

from connector.http.console.wording import plural
from privacy.core.db.work import UnitOfWork
from privacy.ledger.findings import Report
from privacy.ledger.models import LedgerHead, LedgerPending


@dataclass(frozen=True, slots=True)
class Standing:
    """How the chain stands, in a sentence."""

    tone: str
    title: str
    text: str


def standing_of(work: UnitOfWork) -> Standing:
    """What the database says of the bound tenant's chain, unverified."""
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


def length_of(work: UnitOfWork) -> int:
    """Links of the bound tenant's chain, as its head says."""
    return work.session.scalar(select(LedgerHead.position)) or 0


def under_way() -> Standing:
    """What is said while a job verifies a long chain."""
    text = "The chain is long, so it is verified in the background. The outcome will stand below."
    return Standing("", "Verification has begun", text)


def verified(report: Report) -> Standing:
    """What a verification has found."""
    links = plural(report.links, "link", "links")
    if report.first is None:
        return Standing("good", "Verified just now", f"All {links} hold, and so do the anchors.")
    place = f" at position {report.first.position}" if report.first.position else ""
    text = f"{report.first.message[0].upper()}{report.first.message[1:]}{place}. Tell the operator."
    return Standing("bad", "The chain does not hold", text)
