"""Probes of the registers: disclosures, breaches, processors."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import select, text

from privacy.breaches.find import pressing
from privacy.breaches.models import Breach
from privacy.breaches.shapes import ClockState
from privacy.core.db.work import UnitOfWork
from privacy.disclosures.find import view_of
from privacy.disclosures.models import Disclosure
from privacy.profiles import load_profiles
from privacy.profiles.sharing import EEA
from privacy.promises.outcomes import Finding, judge
from privacy.promises.probes import SAMPLE, Premises, Probe, TenantProbe, counting
from privacy.vault.errors import OpenError

_GROUNDED = """
SELECT count(*) AS seen, count(*) FILTER (WHERE cardinality(fields) = 0
    OR service || ':' || ground <> ALL (:grounds)
    OR (ground = 'registry' AND state = 'made' AND preview_digest IS NULL)) AS wrong,
    max(at)::date AS newest_disclosure
FROM disclosures WHERE tenant_id = :tenant
"""
_FOOTING = """
SELECT count(*) AS seen, count(*) FILTER (WHERE
    transfer IN ('eu_privacy_shield', 'swiss_privacy_shield')
    OR transfer_valid_until <= :today
    OR (transfer = 'standard_clauses' AND assessed_on IS NULL)
    OR statement_url = '' OR agreement_url = '') AS wrong,
    min(transfer_valid_until) AS oldest_footing
FROM processors WHERE tenant_id = :tenant AND state <> 'ended'
"""
_BEGUN = """
SELECT count(*) AS seen, count(*) FILTER (WHERE state = 'active'
    AND (objected_at IS NOT NULL OR effective_on < announced_at::date + 14)) AS wrong
FROM processors WHERE tenant_id = :tenant
"""
_PLACED = """
SELECT count(*) AS seen, count(*) FILTER (WHERE
    (service = ANY (:german) AND country <> 'DE')
    OR (service = ANY (:european) AND country <> ALL (:inside))) AS wrong
FROM processors WHERE tenant_id = :tenant AND runs = 'server' AND state <> 'ended'
"""


def _grounds(_: UnitOfWork, __: Premises) -> Mapping[str, Any]:
    listed = load_profiles().values()
    return {"grounds": [f"{one.key}:{g.value}" for one in listed for g in one.disclosures.grounds]}


def _regions(_: UnitOfWork, __: Premises) -> Mapping[str, Any]:
    listed = load_profiles().values()
    return {
        "german": [one.key for one in listed if one.region == "germany"],
        "european": [one.key for one in listed if one.region == "eu"],
        "inside": sorted(EEA),
    }


def disclosures_say_everything(work: UnitOfWork, premises: Premises) -> Finding:
    """The latest entries, opened: each has a recipient, a reference and somebody it is about."""
    latest = select(Disclosure).order_by(Disclosure.id.desc()).limit(SAMPLE)
    seen = wrong = 0
    for row in work.session.scalars(latest):
        seen += 1
        try:
            view = view_of(work, premises.vault, row)
        except (OpenError, msgspec.DecodeError):
            wrong += 1
            continue
        wrong += not (view.recipient and view.reference and view.person.identities)
    return judge(seen=seen, wrong=wrong)


def breaches_are_in_time(work: UnitOfWork, _: Premises) -> Finding:
    """Open losses with a time limit that is over."""
    open_ones = select(Breach.id).where(Breach.closed_at.is_(None), Breach.drill.is_(False))
    seen = len(work.session.scalars(open_ones).all())
    every = [one for _, clocks in pressing(work) for one in clocks]
    late = [one for one in every if one.state(work.now) is ClockState.OVERDUE]
    due = min((one.due_at.date() for one in every), default=None)
    return judge(seen=seen, wrong=len(late), oldest_due=due)


PROBES: Final[tuple[Probe, ...]] = (
    counting("E1", "footings_count", text(_FOOTING)),
    counting("E1", "changes_were_announced", text(_BEGUN)),
    counting("E3", "disclosures_are_grounded", text(_GROUNDED), given=_grounds),
    TenantProbe("E3", "disclosures_say_everything", disclosures_say_everything),
    counting("E4", "processors_are_inside", text(_PLACED), given=_regions),
    TenantProbe("F6", "breaches_are_in_time", breaches_are_in_time),
)
