"""From an API key to a principal.

Nothing is remembered between requests: two short look-ups cost about a millisecond, and a
revoked key is dead at the next request on every host, which no cache could promise.
"""

import hmac
import uuid
from datetime import timedelta

from sqlalchemy import Engine, select, text

from privacy.core.db.work import Actor, ActorKind, UnitOfWork, lookup, unit_of_work
from privacy.core.errors import Unauthenticated
from privacy.ledger.events import Event
from privacy.ledger.record import record
from tenants.api_keys.list import state_of
from tenants.api_keys.models import ApiKey, ApiKeyListing
from tenants.api_keys.networks import is_within
from tenants.api_keys.refusals import Saids
from tenants.api_keys.text import digest_of, is_well_formed
from tenants.principals import Mode, Principal, PrincipalKind
from tenants.tenants.models import Tenant

_NOTE_EVERY = timedelta(minutes=1)
_ALIVE = ("active", "overlapping")
_said = Saids()
# A request never waits for another one's note: a locked row is simply left alone.
_NOTE_USE = text(
    "UPDATE api_keys SET last_used_at = :now WHERE tenant_id = :tenant AND id = ("
    "SELECT id FROM api_keys WHERE tenant_id = :tenant AND id = :id FOR UPDATE SKIP LOCKED)"
)


def authenticate_key(engine: Engine, *, raw: str, address: str) -> Principal:
    """The principal of an API key.

    Raises:
        Unauthenticated: always the same status and text. Whoever holds a real key that does not
            work learns from the code whether it is expired, closed or from the wrong network.
    """
    if not is_well_formed(raw):
        raise _refused("invalid_api_key")
    digest = digest_of(raw)
    with lookup(engine, digest=digest) as session:
        found = session.execute(
            select(ApiKeyListing.tenant_id, ApiKeyListing.key_id).where(
                ApiKeyListing.digest == digest
            )
        ).first()
    if found is None:
        raise _refused("invalid_api_key")
    tenant_id, key_id = found
    actor = Actor(ActorKind.API_KEY, key_id)
    with unit_of_work(engine, tenant_id=tenant_id, actor=actor) as work:
        principal, code = _judge(work, key_id, digest, address)
    if principal is None:
        raise _refused(code)
    return principal


def _judge(
    work: UnitOfWork, key_id: uuid.UUID, digest: bytes, address: str
) -> tuple[Principal | None, str]:
    found = work.session.execute(
        select(ApiKey, Tenant.state)
        .join(Tenant, Tenant.tenant_id == ApiKey.tenant_id)
        .where(ApiKey.id == key_id)
    ).first()
    if found is None or not hmac.compare_digest(found[0].digest, digest):
        return None, "invalid_api_key"
    key, tenant_state = found
    code = _objection(work, key, tenant_state, address)
    if code is not None:
        if _said.is_new(key.id, code):
            record(work, Event.API_KEY_REFUSED, subject=key.id, facts={"code": code})
        return None, code
    if key.last_used_at is None or work.now - key.last_used_at > _NOTE_EVERY:
        values = {"now": work.now, "tenant": work.tenant_id, "id": key.id}
        work.connection.execute(_NOTE_USE, values)
    return _principal(work, key), ""


def _objection(work: UnitOfWork, key: ApiKey, tenant_state: str, address: str) -> str | None:
    state = state_of(key, now=work.now)
    if state not in _ALIVE:
        return f"api_key_{state}"
    if tenant_state != "active":
        return "tenant_inactive"
    if not is_within(address, key.networks):
        return "api_key_network"
    return None


def _principal(work: UnitOfWork, key: ApiKey) -> Principal:
    return Principal(
        kind=PrincipalKind.API_KEY,
        tenant_id=work.tenant_id,
        id=key.id,
        scopes=frozenset(key.scopes),
        mode=Mode(key.mode),
    )


def _refused(code: str) -> Unauthenticated:
    return Unauthenticated("This API key does not work here.", code=code)
