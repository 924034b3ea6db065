"""What belongs to a contact, as far as the one who looks may see it."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from connector.calls.queries import Query
from connector.calls.search import search_calls
from connector.calls.views import CallView
from connector.http.console.calls.facts import CallFacts
from connector.http.console.calls.facts import facts_of as call_facts
from connector.http.console.records.facts import (
    InvoiceFacts,
    SubscriptionFacts,
    invoice_facts,
    subscription_facts,
)
from connector.http.showing import as_shown
from connector.invoices.shelf import INVOICES
from connector.subscriptions.shelf import SUBSCRIPTIONS
from connector.synced.read import records_about
from connector.synced.shapes import Contact, RecordKind
from connector.synced.shelves import S, Shelf
from connector.synced.views import RecordView
from privacy.core.db.work import UnitOfWork
from tenants.http.callers import caller
from tenants.http.services import services
from tenants.permissions import Permission, allows

CALLS, NUMBERS, RECORDS = 10, 5, 20
"""How many calls, of how many numbers, and how many records of each kind a page shows."""


@dataclass(frozen=True, slots=True)
class Related:
    """None: the one who looks may not see it."""

    calls: list[CallFacts] | None
    invoices: list[InvoiceFacts] | None
    subscriptions: list[SubscriptionFacts] | None


def related_to(work: UnitOfWork, view: RecordView[Contact]) -> Related:
    """Calls of the contact's numbers, its invoices and its subscriptions."""
    return Related(
        _calls(work, view) if _may(Permission.CALLS_SEARCH) else None,
        [invoice_facts(each) for each in _of(work, view, INVOICES)]
        if _may(Permission.INVOICES_READ)
        else None,
        [subscription_facts(each) for each in _of(work, view, SUBSCRIPTIONS)]
        if _may(Permission.SUBSCRIPTIONS_READ)
        else None,
    )


def _may(permission: Permission) -> bool:
    return allows(caller(), permission)


def _of(work: UnitOfWork, view: RecordView[Contact], shelf: Shelf[S]) -> list[RecordView[S]]:
    return records_about(
        work,
        vault=services().vault,
        shelf=shelf,
        kind=RecordKind.CONTACTS,
        account_id=view.account_id,
        external_ids=(view.external_id,),
        limit=RECORDS,
    )


def _calls(work: UnitOfWork, view: RecordView[Contact]) -> list[CallFacts]:
    """The latest calls; each number is a search, and said in the ledger as one."""
    found = {
        call.id: call
        for number in islice(view.numbers, NUMBERS)
        for call in search_calls(
            work, vault=services().vault, query=Query(number=number), limit=CALLS
        ).calls
    }
    latest = sorted(found.values(), key=_begin, reverse=True)
    return [call_facts(call) for call in as_shown(work, latest[:CALLS])]


def _begin(call: CallView) -> datetime:
    return call.record.started_at
