"""Probes of inquiries, forms and registrations."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import select, text

from connector.inquiries.declared import SERVICES
from connector.inquiries.keeping import KIND, UNOFFICIAL_KIND
from connector.registrations.details import KIND as REGISTRATIONS
from connector.registrations.models import Registrant
from connector.registrations.seals import open_details
from privacy.core.db.work import UnitOfWork
from privacy.profiles import profile
from privacy.profiles.derived import derived_profile
from privacy.promises.outcomes import Finding, judge
from privacy.promises.probes import SAMPLE, Premises, Probe, TenantProbe, counting
from privacy.vault.errors import OpenError

_FROM_WEB: Final = "('form', 'order_form', 'callback')"

_LOGGED = f"""
SELECT count(*) AS seen, count(*) FILTER (WHERE NOT EXISTS (
    SELECT FROM inquiry_logs l WHERE l.tenant_id = i.tenant_id AND l.inquiry_id = i.id)) AS wrong
FROM inquiries i WHERE i.tenant_id = :tenant AND i.form_id IS NOT NULL
    AND i.channel IN {_FROM_WEB} AND i.opened_at > :now - interval '7 days'
"""
_THREADS = """
SELECT count(*) AS seen, count(*) FILTER (WHERE NOT EXISTS (
    SELECT FROM inquiry_messages m WHERE m.tenant_id = i.tenant_id AND m.inquiry_id = i.id))
    AS wrong
FROM inquiries i WHERE i.tenant_id = :tenant AND i.longer_since IS NULL
"""
_FIELDS = """
SELECT count(*) AS seen, count(*) FILTER (WHERE EXISTS (
    SELECT FROM unnest(fields) AS asked WHERE asked <> ALL (:declared))) AS wrong
FROM web_forms WHERE tenant_id = :tenant AND closed_at IS NULL
"""
_ENDED = """
SELECT count(*) AS seen, count(*) FILTER (WHERE ends_on < :today) AS wrong,
    min(last_message_at)::date AS oldest_message
FROM inquiries WHERE tenant_id = :tenant
"""
_UNOFFICIAL = """
SELECT count(*) AS seen, count(*) FILTER (WHERE consent_at IS NULL
    OR ends_on > last_message_at::date + CAST(:days AS integer)) AS wrong
FROM inquiries WHERE tenant_id = :tenant AND channel = 'unofficial'
"""
_CHECKED = """
SELECT count(*) AS seen, count(*) FILTER (WHERE NOT EXISTS (
    SELECT FROM registration_checks c
    WHERE c.tenant_id = r.tenant_id AND c.registrant_id = r.id)) AS wrong
FROM registrants r WHERE r.tenant_id = :tenant AND r.check_state <> 'unchecked'
"""
_CLOSED = """
SELECT count(*) AS seen, count(*) FILTER (WHERE password_sealed IS NOT NULL OR ends_on IS NULL
    OR ends_on < :today OR EXISTS (SELECT FROM registrant_sessions s
        WHERE s.tenant_id = r.tenant_id AND s.registrant_id = r.id)) AS wrong,
    min(ends_on) AS oldest_end
FROM registrants r WHERE r.tenant_id = :tenant AND r.state = 'closed'
"""
_AGREED = """
SELECT count(*) AS seen, count(*) FILTER (WHERE EXISTS (
    SELECT FROM unnest(CAST(:terms AS text[])) AS term WHERE NOT EXISTS (
        SELECT FROM registrant_agreements a WHERE a.tenant_id = r.tenant_id
        AND a.registrant_id = r.id AND a.term = term AND a.term_version <> ''))) AS wrong
FROM registrants r WHERE r.tenant_id = :tenant AND r.state = 'active' AND r.service = :service
"""
_ACCEPTED = """
SELECT count(*) AS seen, count(*) FILTER (WHERE NOT EXISTS (
    SELECT FROM registrant_agreements a WHERE a.tenant_id = r.tenant_id
    AND a.registrant_id = r.id AND a.term = 'policy' AND a.term_version <> '')) AS wrong
FROM registrants r WHERE r.tenant_id = :tenant AND r.state = 'active'
"""


def _declared(_: UnitOfWork, __: Premises) -> Mapping[str, Any]:
    """Every field of inquiries that a profile knows; forms ask for these."""
    return {"declared": sorted({f for key in SERVICES for f in profile(key).declared_fields(KIND)})}


def _unofficial_days(_: UnitOfWork, __: Premises) -> Mapping[str, Any]:
    return {"days": profile("V").retention_days(UNOFFICIAL_KIND)}


def _terms(_: UnitOfWork, __: Premises) -> Mapping[str, Any]:
    registration = profile("V").registration
    terms = registration.terms if registration else ()
    return {"terms": [term.value for term in terms], "service": "V"}


def registrations_are_declared(work: UnitOfWork, premises: Premises) -> Finding:
    """The latest registrations open, and have declared fields only."""
    seen = wrong = 0
    latest = select(Registrant).order_by(Registrant.created_at.desc()).limit(SAMPLE)
    for row in work.session.scalars(latest):
        declared = derived_profile(work, row.service).declared_fields(REGISTRATIONS)
        seen += 1
        try:
            details = open_details(work, premises.vault, row)
        except OpenError:
            wrong += 1
            continue
        filled = {name for name, value in msgspec.structs.asdict(details).items() if value}
        wrong += bool(filled - declared)
    return judge(seen=seen, wrong=wrong)


PROBES: tuple[Probe, ...] = (
    counting("A4", "web_inquiries_are_logged", text(_LOGGED)),
    TenantProbe("A9", "registrations_are_declared", registrations_are_declared),
    counting("A10", "inquiries_are_threads", text(_THREADS)),
    counting("A11", "forms_ask_declared_fields", text(_FIELDS), given=_declared),
    counting("A14", "checks_are_recorded", text(_CHECKED)),
    counting("B2", "threads_end", text(_ENDED)),
    counting("C9", "closed_accounts_are_closed", text(_CLOSED)),
    counting("D1", "registrations_agreed", text(_AGREED), given=_terms),
    counting("D2", "registered_people_accepted", text(_ACCEPTED)),
    counting("D6", "unofficial_with_consent", text(_UNOFFICIAL), given=_unofficial_days),
)
