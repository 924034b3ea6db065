"""Probes of systems that are asked and told, and of subscriptions that ended."""

from collections.abc import Iterable

from sqlalchemy import select, text

from connector.accounts.credentials import open_fields
from connector.accounts.kinds import KINDS, AccountKind
from connector.accounts.models import ConnectorAccount
from connector.events_out.addresses import open_url
from connector.events_out.models import WebhookEndpoint
from connector.outbound.failures import NotDeclared
from connector.outbound.recipients import names_this_machine
from connector.providers.pulled import PROVIDERS
from connector.syncs.recipients import recipients_of
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import SiltaError
from privacy.profiles import load_profiles
from privacy.profiles.derived import derived_profile
from privacy.promises.outcomes import Finding, judge
from privacy.promises.probes import Premises, Probe, TenantProbe, counting
from privacy.vault.errors import OpenError

_ENDED = """
SELECT count(*) AS seen, count(*) FILTER (WHERE ends_at < :now - interval '2 days'
    AND state <> 'ended') AS wrong, min(ends_at)::date AS oldest_end
FROM service_subscriptions WHERE tenant_id = :tenant AND ends_at IS NOT NULL
"""


def recipients_are_declared(work: UnitOfWork, premises: Premises) -> Finding:
    """Addresses of connected systems, held against the profile as each request is."""
    seen = wrong = 0
    pulled = [kind.value for kind, facts in KINDS.items() if facts.pulled]
    living = select(ConnectorAccount).where(
        ConnectorAccount.deleted_at.is_(None), ConnectorAccount.kind.in_(pulled)
    )
    for account in work.session.scalars(living).all():
        seen += 1
        wrong += not _declared(work, premises, account)
    return judge(seen=seen, wrong=wrong)


def _declared(work: UnitOfWork, premises: Premises, account: ConnectorAccount) -> bool:
    provider, loopback = PROVIDERS[AccountKind(account.kind)], premises.settings.outbound_loopback
    try:
        fields = open_fields(work, premises.vault, account)
        asked = list(provider.recipients(fields, account.settings))
        allowed = recipients_of(derived_profile(work, account.service), asked, loopback=loopback)
        return _all_allowed(asked, allowed.check)
    except (SiltaError, OpenError):
        return False


def _all_allowed(asked: Iterable[str], check: object) -> bool:
    assert callable(check)  # noqa: S101 - for the type checker
    try:
        for url in asked:
            check(url)
    except NotDeclared:
        return False
    return True


def endpoints_are_allowed(work: UnitOfWork, premises: Premises) -> Finding:
    """Where events go: https, never this machine, and only where a profile lets tenants name it."""
    services, seen, wrong = premises.services_of(work), 0, 0
    profiles = load_profiles()
    may = any(profiles[key].tenant_may_name("events") for key in services if key in profiles)
    for endpoint in work.session.scalars(select(WebhookEndpoint)).all():
        seen += 1
        try:
            url = open_url(work, premises.vault, endpoint)
        except OpenError:
            wrong += 1
            continue
        here = names_this_machine(url.split("/")[2].rpartition(":")[0] or url.split("/")[2])
        closed = here and not premises.settings.outbound_loopback
        wrong += closed or not may or not (url.startswith("https://") or here)
    return judge(seen=seen, wrong=wrong)


PROBES: tuple[Probe, ...] = (
    counting("B4", "ended_subscriptions_end", text(_ENDED)),
    TenantProbe("E2", "recipients_are_declared", recipients_are_declared),
    TenantProbe("E2", "endpoints_are_allowed", endpoints_are_allowed),
)
