"""Add to the suppression list and take from it. What made an entry is what ends it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import text

from privacy.core.db.arrays import Byteas
from privacy.core.db.work import UnitOfWork
from privacy.profiles.parts import Objection
from privacy.suppressions.causes import Cause

_ADD = text(
    "INSERT INTO suppressions (tenant_id, token, objection, cause, created_at) "
    "SELECT :tenant, token, objection, :cause, :now "
    "FROM unnest(CAST(:tokens AS bytea[])) AS t (token), "
    "unnest(CAST(:objections AS text[])) AS o (objection) ON CONFLICT DO NOTHING"
)
_LIFT = text(
    "DELETE FROM suppressions WHERE tenant_id = :tenant AND token = ANY (:tokens) "
    "AND objection = ANY (:objections) AND cause = :cause "
    "AND created_at <= coalesce(:until, CAST('infinity' AS timestamptz))"
)
_ANY = text("SELECT EXISTS (SELECT FROM suppressions WHERE tenant_id = :tenant)")
_FIND = text(
    "SELECT token, objection, cause FROM suppressions "
    "WHERE tenant_id = :tenant AND token = ANY (:tokens)"
)


def suppress(
    work: UnitOfWork, *, tokens: Sequence[bytes], objections: Collection[Objection], cause: Cause
) -> None:
    """Suppress each token for each purpose; what is there already stays as it is."""
    work.connection.execute(_ADD, _named(work, tokens, objections, cause) | {"now": work.now})


def lift(
    work: UnitOfWork,
    *,
    tokens: Sequence[bytes],
    objections: Collection[Objection],
    cause: Cause,
    until: datetime | None = None,
) -> int:
    """End entries of this cause; those of another stand. Returns how many went.

    Args:
        until: only those that were made by then; None: all. A later word outweighs an older one.
    """
    given = _named(work, tokens, objections, cause) | {"until": until}
    return work.connection.execute(_LIFT, given).rowcount


def any_suppressed(work: UnitOfWork) -> bool:
    """Whether anybody is suppressed for anything."""
    return bool(work.connection.execute(_ANY, {"tenant": work.tenant_id}).scalar())


def suppressed(work: UnitOfWork, tokens: Iterable[bytes]) -> dict[bytes, dict[Objection, Cause]]:
    """What each of these tokens is suppressed for; one query. An objection outweighs the rest."""
    given = {"tenant": work.tenant_id, "tokens": Byteas.of(list(set(tokens)))}
    found: dict[bytes, dict[Objection, Cause]] = {}
    for token, objection, cause in work.connection.execute(_FIND, given):
        causes = found.setdefault(bytes(token), {})
        if causes.get(Objection(objection)) is not Cause.OBJECTION:
            causes[Objection(objection)] = Cause(cause)
    return found


def _named(
    work: UnitOfWork, tokens: Sequence[bytes], objections: Collection[Objection], cause: Cause
) -> dict[str, object]:
    return {
        "tenant": work.tenant_id,
        "tokens": Byteas.of(tokens),
        "objections": sorted(objections),
        "cause": cause.value,
    }
