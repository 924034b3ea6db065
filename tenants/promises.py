"""Probes of users: passwords, second factors, leaked credentials, limits."""

from typing import Final

from sqlalchemy import text

from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import UnitOfWork
from privacy.promises.outcomes import Finding, judge, untestable
from privacy.promises.probes import (
    SAMPLE,
    InstallationProbe,
    Premises,
    Probe,
    TenantProbe,
    counting,
)
from privacy.vault.errors import OpenError
from tenants.sealed_fields import USER_PASSWORD
from tenants.tenants.second_factors import services_require_mfa

_PASSWORDS = text(
    "SELECT id, password_sealed, password_version FROM users "
    "WHERE tenant_id = :tenant AND password_sealed IS NOT NULL ORDER BY id DESC LIMIT :most"
)
_HASH: Final = "$argon2id$"
_MEMBERS = text("SELECT user_id FROM memberships WHERE tenant_id = :tenant")
_DEMANDS = text("SELECT mfa_required FROM tenants WHERE tenant_id = :tenant")
_WITHOUT = text(
    "SELECT count(*) AS seen, count(*) FILTER (WHERE totp_confirmed_at IS NULL "
    "AND password_changed_at < :now - interval '1 day') AS wrong "
    "FROM users WHERE tenant_id = :tenant AND state = 'active' AND id = ANY (:users)"
)
_CLOSED = """
SELECT (SELECT count(*) FROM users WHERE tenant_id = :tenant AND must_change_password) + count(*)
    AS seen, count(*) AS wrong
FROM sign_in_sessions s JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id
WHERE s.tenant_id = :tenant AND s.ended_at IS NULL AND s.stage = 'full' AND s.expires_at > :now
    AND (u.password_sealed IS NULL OR u.state <> 'active')
"""
_SWEPT = """
SELECT count(*) AS seen, count(*) FILTER (WHERE ended_at IS NULL
    AND (expires_at < :now - interval '1 day' OR created_at < :now - interval '31 days')) AS wrong,
    min(created_at)::date AS oldest_session
FROM sign_in_sessions WHERE tenant_id = :tenant
"""
_COUNTS = """
SELECT count(*) AS seen, count(*) FILTER (WHERE expires_at < :now - interval '1 day') AS wrong
FROM attempt_counts WHERE tenant_id = :tenant
"""


def passwords_are_hashed(premises: Premises) -> Finding:
    """The latest passwords, opened: each is an Argon2id hash and nothing else."""
    ring, seen, wrong = premises.vault, 0, 0
    with premises.work_of(INSTALLATION_ID) as work:
        given = {"tenant": INSTALLATION_ID, "most": SAMPLE}
        for row in work.connection.execute(_PASSWORDS, given):
            seen += 1
            try:
                said = USER_PASSWORD.open(
                    ring, work, row.id, row.password_sealed, version=row.password_version
                )
            except OpenError:
                wrong += 1
                continue
            wrong += not said.startswith(_HASH)
    return judge(seen=seen, wrong=wrong)


def members_have_second_factors(work: UnitOfWork, premises: Premises) -> Finding:
    """Where it is demanded: active members without one, a day or more after their password."""
    if work.tenant_id == INSTALLATION_ID:
        return untestable("no service of its own")
    given = {"tenant": work.tenant_id}
    chosen = work.connection.execute(_DEMANDS, given).scalar()
    if not (chosen or services_require_mfa(premises.services_of(work))):
        return untestable("not demanded")
    members = list(work.connection.execute(_MEMBERS, given).scalars())
    with premises.work_of(INSTALLATION_ID) as theirs:
        own = {"tenant": INSTALLATION_ID, "now": work.now, "users": members}
        users = theirs.connection.execute(_WITHOUT, own).one()
    return judge(seen=users.seen, wrong=users.wrong)


PROBES: tuple[Probe, ...] = (
    InstallationProbe("A2", "passwords_are_hashed", passwords_are_hashed),
    counting("B1", "sessions_end", text(_SWEPT)),
    TenantProbe("F3", "members_have_second_factors", members_have_second_factors),
    counting("F7", "closed_credentials_open_nothing", text(_CLOSED)),
    counting("F9", "limits_are_counted", text(_COUNTS)),
)
