"""Derive a profile: promise more than the service does, publish it, and act on it at once."""

from typing import Final

from sqlalchemy import text

from connector.inquiries.keeping import KIND as INQUIRIES
from connector.notices.fields import with_own_fields
from connector.notices.publish import organisation_of
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.ledger.encoding import Fact
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.notices.publish import Published, publish_notice
from privacy.profiles import profile
from privacy.profiles.changes import Changes
from privacy.profiles.derived import put_changes
from privacy.profiles.strict import stricter
from privacy.retention.rules import CALLS
from privacy.vault.keyring import Keyring
from tenants.tenants.change import require_second_factor, shorten_retention
from tenants.tenants.profiles import profile_of
from tenants.tenants.views import get_tenant

_SOONER: Final = text(
    "UPDATE inquiries SET ends_on = (last_message_at AT TIME ZONE 'UTC')::date + :days "
    "WHERE tenant_id = :tenant AND service = :service "
    "AND ends_on > (last_message_at AT TIME ZONE 'UTC')::date + :days "
    "AND ends_on <= (last_message_at AT TIME ZONE 'UTC')::date + :before"
)
"""Threads that a person allowed to be kept longer end as that person allowed."""


def derive_profile(
    work: UnitOfWork, vault: Keyring, *, service: str, changes: Changes
) -> Published:
    """What the bound tenant promises beyond the service, from this transaction on.

    `changes` is the whole of it: what is left out is as the service promises. The second factor
    is everybody's: a profile can demand it, and no profile lifts it.

    Raises:
        Laxer: something is laxer; nothing was changed. Invalid: the tenant has no such service.
    """
    if service not in get_tenant(work, lock=True).services:
        raise Invalid("Your organisation does not have this service.", code="no_such_service")
    stricter(profile(service), changes)
    before = profile_of(work, service)
    _put_settings(work, service, changes)
    put_changes(work, service=service, changes=_without_settings(changes))
    after = profile_of(work, service)
    facts: dict[str, Fact] = {"service": service} | dict.fromkeys(changes.made, True)
    record(work, Event.PROFILE_DERIVED, subject=service, facts=facts)
    if after.declares(INQUIRIES):
        end_inquiries_sooner(
            work,
            service=service,
            before=before.retention_days(INQUIRIES),
            after=after.retention_days(INQUIRIES),
        )
    rules = with_own_fields(work, [after])[0]
    return publish_notice(work, vault, rules=rules, organisation=organisation_of(work, vault))


def end_inquiries_sooner(work: UnitOfWork, *, service: str, before: int, after: int) -> int:
    """Let threads that are kept already end as the new number says; how many moved."""
    if after >= before:
        return 0
    values = {"tenant": work.tenant_id, "service": service, "days": after, "before": before}
    return work.connection.execute(_SOONER, values).rowcount


def _put_settings(work: UnitOfWork, service: str, changes: Changes) -> None:
    """What stands in the tenant's own row."""
    tenant = get_tenant(work)
    if changes.mfa and not tenant.mfa_required:
        require_second_factor(work, required=True)
    chosen = changes.days.get(CALLS.data)
    if service == CALLS.service and chosen != tenant.retention_days_calls:
        longest = profile(service).retention_days(CALLS.data)
        shorten_retention(work, days=chosen, longest=longest)


def _without_settings(changes: Changes) -> Changes:
    days = {key: number for key, number in changes.days.items() if key != CALLS.data}
    return changes.model_copy(update={"days": days, "mfa": None})
