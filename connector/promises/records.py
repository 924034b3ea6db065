"""Probes of contacts, invoices, payments, products and subscriptions."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import msgspec
from sqlalchemy import select, text

from connector.accounts.kinds import KINDS, AccountKind
from connector.accounts.models import ConnectorAccount
from connector.contacts.findings import findings_of
from connector.contacts.shelf import CONTACTS
from connector.invoices.shelf import INVOICES
from connector.payments.shelf import PAYMENTS
from connector.subscriptions.shelf import SUBSCRIPTIONS
from connector.synced.cards import holds_card
from connector.synced.columns import Doubt, RecordState
from connector.synced.shapes import RecordKind
from connector.synced.shelves import Circumstances, Shelf
from connector.synced.views import RecordView, open_records
from privacy.core.db.declarations import Subjects
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Misconfigured
from privacy.profiles.derived import derived_profile
from privacy.promises.outcomes import Finding, judge
from privacy.promises.probes import SAMPLE, Premises, Probe, TenantProbe, counting
from privacy.vault.errors import OpenError

_EVERY: Final = """
SELECT subject_group, source, source_name FROM contacts WHERE tenant_id = :tenant
UNION ALL SELECT subject_group, source, source_name FROM products WHERE tenant_id = :tenant
UNION ALL SELECT subject_group, source, source_name FROM invoices WHERE tenant_id = :tenant
UNION ALL SELECT subject_group, source, source_name FROM payments WHERE tenant_id = :tenant
UNION ALL SELECT subject_group, source, source_name FROM subscriptions WHERE tenant_id = :tenant
"""
_GROUPS: Final = ", ".join(f"'{group}'" for group in Subjects)
_GROUPED = f"""
SELECT count(*) AS seen, count(*) FILTER (WHERE subject_group NOT IN ({_GROUPS})) AS wrong
FROM ({_EVERY}) records
"""
_SOURCED = f"""
SELECT count(*) AS seen, count(*) FILTER (WHERE source = ''
    OR (source = 'public_source') <> (coalesce(source_name, '') <> '')) AS wrong
FROM ({_EVERY}) records
"""
_HELD = """
SELECT count(*) AS seen, count(*) FILTER (WHERE hold_until <= :today - 2 OR hold_until IS NULL)
    AS wrong, min(hold_until) AS oldest_hold
FROM (SELECT hold_until FROM invoices WHERE tenant_id = :tenant AND state = 'held'
    UNION ALL SELECT hold_until FROM payments WHERE tenant_id = :tenant AND state = 'held') held
"""

_STALE = """
SELECT count(*) AS seen, count(*) FILTER (WHERE decision IS NULL
    AND found_at < :now - interval '30 days') AS wrong,
    min(found_at) FILTER (WHERE decision IS NULL)::date AS oldest_finding
FROM stale_findings WHERE tenant_id = :tenant
"""
# Doubts that a rule finds; a register number that is none is shown on the contact's page only.
_RULED: Final = int(Doubt.VAT_ID | Doubt.UNREACHABLE)
_UNFOUND = f"""
SELECT count(*) AS seen, count(*) FILTER (WHERE doubts & {_RULED} <> 0
    AND changed_at < :now - interval '3 days' AND NOT EXISTS (
        SELECT FROM stale_findings f
        WHERE f.tenant_id = c.tenant_id AND f.contact_id = c.id)) AS wrong
FROM contacts c WHERE c.tenant_id = :tenant AND c.state = 'living'
"""

Wrong = Callable[[UnitOfWork, RecordView[Any]], bool]


def _latest(work: UnitOfWork, premises: Premises, shelf: Shelf[Any]) -> Iterator[RecordView[Any]]:
    """The latest records in use, opened one by one, so that one that fails spares the others."""
    c = shelf.table.c
    living = (c.tenant_id == work.tenant_id, c.state == RecordState.LIVING.value)
    page = select(*c).where(*living).order_by(c.changed_at.desc()).limit(SAMPLE)
    for row in work.connection.execute(page).all():
        yield from open_records(work, premises.vault, shelf, [row])


def _sampled(
    work: UnitOfWork, premises: Premises, *, shelves: tuple[Shelf[Any], ...], is_wrong: Wrong
) -> Finding:
    seen = wrong = 0
    for shelf in shelves:
        try:
            for view in _latest(work, premises, shelf):
                seen += 1
                wrong += is_wrong(work, view)
        except OpenError:
            seen, wrong = seen + 1, wrong + 1
    return judge(seen=seen, wrong=wrong)


def _unflagged(work: UnitOfWork, view: RecordView[Any]) -> bool:
    """Whether checking the contact again finds a doubt that is not on it."""
    seen = Circumstances(region=_region(work, view), today=work.today)
    again = findings_of(view.record, view.external_id, seen).doubts
    return bool(again & ~view.doubts)


def _region(work: UnitOfWork, view: RecordView[Any]) -> str:
    if view.account_id is None:
        return "FI"
    own = select(ConnectorAccount.region).where(ConnectorAccount.id == view.account_id)
    return work.session.scalar(own) or "FI"


def _holds_card(_: UnitOfWork, view: RecordView[Any]) -> bool:
    return holds_card(_texts(msgspec.to_builtins(view.record)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def _undeclared(work: UnitOfWork, view: RecordView[Any]) -> bool:
    """Whether a subscription has a field that its service's profile does not declare."""
    if view.account_id is None:
        return False
    account = select(ConnectorAccount.kind).where(ConnectorAccount.id == view.account_id)
    kind = work.session.scalar(account)
    if kind is None:
        return False
    try:
        declared = derived_profile(work, KINDS[AccountKind(kind)].service).declared_fields(
            RecordKind.SUBSCRIPTIONS.value
        )
    except Misconfigured:
        return True
    filled = {
        field.encode_name
        for field in msgspec.structs.fields(view.record)
        if getattr(view.record, field.name) not in (field.default, None, "", ())
    }
    return bool(filled - declared)


PROBES: tuple[Probe, ...] = (
    counting("A1", "records_have_groups", text(_GROUPED)),
    TenantProbe(
        "A5",
        "numbers_are_validated",
        partial(_sampled, shelves=(CONTACTS,), is_wrong=_unflagged),
    ),
    counting("A6", "records_have_sources", text(_SOURCED)),
    TenantProbe(
        "A7",
        "no_card_numbers",
        partial(_sampled, shelves=(INVOICES, PAYMENTS, CONTACTS), is_wrong=_holds_card),
    ),
    TenantProbe(
        "A15",
        "subscriptions_are_declared",
        partial(_sampled, shelves=(SUBSCRIPTIONS,), is_wrong=_undeclared),
    ),
    counting("B6", "findings_are_decided", text(_STALE)),
    counting("B6", "doubtful_contacts_are_found", text(_UNFOUND)),
    counting("B3", "holds_end", text(_HELD)),
)
