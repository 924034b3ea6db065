"""Replace a key by a new one; for a while, both work."""

import uuid
from datetime import timedelta

from privacy.core.db.work import ActorKind, UnitOfWork
from privacy.core.errors import Conflict, Invalid
from privacy.core.ids import new_id
from privacy.ledger.encoding import Fact
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring
from tenants.api_keys.create import CreatedKey, add_key
from tenants.api_keys.list import get_key
from tenants.api_keys.models import ApiKey
from tenants.api_keys.text import digest_of, hint_of, new_key
from tenants.principals import Mode
from tenants.sealed_fields import API_KEY_NAME

LONGEST_OVERLAP = timedelta(days=7)


def rotate_api_key(
    ring: Keyring, work: UnitOfWork, *, key_id: uuid.UUID, overlap: timedelta
) -> CreatedKey:
    """A new key with the same name, rights, networks and end. The old one ends after `overlap`.

    Raises:
        NotFound: no such key here.
        Conflict: it is closed or replaced already.
        Invalid: an overlap below zero or above seven days.
    """
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        raise Invalid("Choose an overlap of up to seven days.", fields={"overlap": "0 to 168"})
    old = get_key(work, key_id=key_id, lock=True)
    if old.revoked_at is not None or old.replaced_by is not None:
        raise Conflict("This key is closed or replaced already.", code="api_key_closed")
    text, new = new_key(Mode(old.mode)), new_id()
    name = API_KEY_NAME.open(ring, work, old.id, old.name_sealed)
    row = ApiKey(
        tenant_id=work.tenant_id,
        id=new,
        digest=digest_of(text),
        hint=hint_of(text),
        name_sealed=API_KEY_NAME.seal(ring, work, new, name),
        scopes=list(old.scopes),
        mode=old.mode,
        networks=list(old.networks),
        created_by=work.actor.id if work.actor.kind is ActorKind.USER else None,
        created_at=work.now,
        expires_at=old.expires_at,
    )
    add_key(work, row)
    old.replaced_by = new
    old.overlap_until = work.now + overlap
    facts: dict[str, Fact] = {
        "replaced_by": str(new),
        "overlap_hours": int(overlap.total_seconds() // 3600),
    }
    record(work, Event.API_KEY_ROTATED, subject=key_id, facts=facts)
    return CreatedKey(new, text)
