"""Probes of what people are promised: requests, objections, consents, mails, seals."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import func, or_, select, text

from privacy.consents.purposes import askable
from privacy.core.db.work import UnitOfWork
from privacy.mails.purposes import PURPOSES
from privacy.profiles import load_profiles
from privacy.promises.outcomes import Finding, judge
from privacy.promises.probes import SAMPLE, Premises, Probe, TenantProbe, counting
from privacy.subjects.words import UNANSWERED, UNSENT, RequestKind
from privacy.vault.sealing import FORMAT

SHORTEST: Final = 69
"""Bytes of a seal: format, key id, nonce, one step of text, tag."""
_UNANSWERED: Final = ", ".join(f"'{state}'" for state in UNANSWERED)
_UNSENT: Final = ", ".join(f"'{state}'" for state in UNSENT)
_OPEN: Final = f"(state IN ({_UNANSWERED}) OR state IN ({_UNSENT}) AND kind <> 'objection')"
"""An answer that was written and not given is none."""


_IN_TIME = f"""
SELECT count(*) AS seen,
    count(*) FILTER (WHERE due_on < :today AND {_OPEN}) AS wrong,
    min(due_on) FILTER (WHERE {_OPEN}) AS oldest_due
FROM subject_requests WHERE tenant_id = :tenant AND kind = ANY (:kinds)
"""


_REASONS = """
SELECT count(*) AS seen, count(*) FILTER (WHERE because IS NULL) AS wrong
FROM subject_steps WHERE tenant_id = :tenant AND state = 'retained'
"""
_REFUSED = """
SELECT count(*) AS seen, count(*) FILTER (WHERE ground IS NULL
    OR (closed_at IS NULL AND decided_at < :now - interval '3 days')) AS wrong
FROM subject_requests WHERE tenant_id = :tenant AND (state = 'refused' OR ground IS NOT NULL)
"""
_UNPROVEN = """
SELECT count(*) AS seen, count(*) FILTER (WHERE verified_at IS NULL) AS wrong
FROM subject_requests
WHERE tenant_id = :tenant AND ground IS NULL AND state IN ('running', 'partly_done', 'done')
"""
_ORDERED = """
SELECT count(*) AS seen, count(*) FILTER (WHERE ground IS NOT NULL AND ordered_at > decided_at
    OR (closed_at IS NULL AND state <> 'done' AND due_on < :today)) AS wrong,
    max(ordered_at)::date AS newest_order
FROM subject_requests WHERE tenant_id = :tenant AND ordered_at IS NOT NULL
"""
_OBJECTED = """
SELECT count(*) AS seen, count(*) FILTER (WHERE NOT EXISTS (
    SELECT FROM suppressions s WHERE s.tenant_id = o.tenant_id AND s.token = t.token
        AND s.objection = o.objection)) AS wrong
FROM objections o JOIN objection_tokens t ON t.tenant_id = o.tenant_id AND t.objection_id = o.id
WHERE o.tenant_id = :tenant AND o.ended_at IS NULL
"""
_CONSENTS = """
SELECT count(*) AS seen,
    count(*) FILTER (WHERE service || ':' || purpose <> ALL (:askable)) AS wrong
FROM consents WHERE tenant_id = :tenant
"""
_COOKIES = """
SELECT count(*) AS seen,
    count(*) FILTER (WHERE service || ':' || purpose <> ALL (:askable)) AS wrong
FROM consents WHERE tenant_id = :tenant AND purpose LIKE 'cookies%'
"""
_MAILS = """
SELECT count(*) AS seen, count(*) FILTER (WHERE kind <> ALL (:kinds)) AS wrong,
    min(created_at)::date AS oldest_mail
FROM mails WHERE tenant_id = :tenant
"""
_KEPT_MAILS = """
SELECT count(*) AS seen, count(*) FILTER (WHERE expires_at < :now - interval '1 day') AS wrong
FROM mails WHERE tenant_id = :tenant
"""


def _askable(_: UnitOfWork, __: Premises) -> Mapping[str, Any]:
    """Each purpose that a service may ask a consent for, as `V:direct_marketing`."""
    pairs = [f"{one.key}:{p}" for one in load_profiles().values() for p in askable(one)]
    return {"askable": pairs}


def _kinds(_: UnitOfWork, __: Premises) -> Mapping[str, Any]:
    return {"kinds": [kind.value for kind in PURPOSES]}


def _in_time(promise: str, name: str, *kinds: RequestKind) -> TenantProbe:
    """Requests of these kinds that are not answered although their day is over."""
    asked = [kind.value for kind in kinds]
    return counting(promise, name, text(_IN_TIME), given=lambda _, __: {"kinds": asked})


def seals_look_sealed(work: UnitOfWork, premises: Premises) -> Finding:
    """The latest values of every sealed column begin as seals do, and are long enough to be one."""
    seen = wrong = 0
    for table in premises.metadata.sorted_tables:
        for column in table.columns:
            if "tenant_id" not in table.columns or not column.name.endswith("sealed"):
                continue
            own = table.c.tenant_id == work.tenant_id, column.is_not(None)
            latest = select(column.label("value")).where(*own).limit(SAMPLE).subquery()
            value = latest.c.value
            bare = or_(func.octet_length(value) < SHORTEST, func.get_byte(value, 0) != FORMAT[0])
            counts = select(func.count(), func.count().filter(bare)).select_from(latest)
            some, bad = work.connection.execute(counts).one()
            seen, wrong = seen + some, wrong + bad
    return judge(seen=seen, wrong=wrong)


PROBES: tuple[Probe, ...] = (
    counting("A13", "mails_have_purposes", text(_MAILS), given=_kinds),
    counting("B4", "mails_end", text(_KEPT_MAILS)),
    _in_time("C1", "access_in_time", RequestKind.ACCESS, RequestKind.PORTABILITY),
    _in_time("C2", "erasure_in_time", RequestKind.ERASURE),
    counting("C2", "kept_with_reason", text(_REASONS)),
    _in_time("C3", "correction_in_time", RequestKind.RECTIFICATION, RequestKind.RESTRICTION),
    counting("C4", "refusals_are_sent", text(_REFUSED)),
    counting("C5", "orders_are_carried_out", text(_ORDERED)),
    counting("C6", "objections_are_honoured", text(_OBJECTED)),
    _in_time("C6", "objections_in_time", RequestKind.OBJECTION),
    counting("C7", "identified_first", text(_UNPROVEN)),
    counting("C10", "consents_are_askable", text(_CONSENTS), given=_askable),
    counting("D4", "cookie_choices_are_askable", text(_COOKIES), given=_askable),
    TenantProbe("F2", "seals_look_sealed", seals_look_sealed),
)
