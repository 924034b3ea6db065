"""Record an objection: in writing or by telephone, honoured from this transaction on (C6)."""

import uuid

from privacy.consents.moments import said_at
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.core.ids import new_id
from privacy.identities.people import seal_person
from privacy.identities.tokens import tokens_of
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.objections.models import PERSON, ObjectionEntry, ObjectionToken
from privacy.objections.shapes import Objecting
from privacy.suppressions.causes import Cause
from privacy.suppressions.entries import suppress
from privacy.vault.keyring import Keyring


def record_objection(work: UnitOfWork, vault: Keyring, said: Objecting) -> list[uuid.UUID]:
    """One entry for each purpose; their ids, in the order of the purposes' names.

    Raises:
        Invalid: nobody or nothing is named, or it has not arrived yet.
    """
    if not said.objections:
        raise Invalid(fields={"objections": "Choose what the person objects to."})
    identities, at = said.person.identities, said_at(work, said.at)
    tokens = tokens_of(work, vault, identities)
    made = []
    for objection in sorted(set(said.objections)):
        entry = ObjectionEntry(
            tenant_id=work.tenant_id,
            id=new_id(),
            objection=objection.value,
            channel=said.channel.value,
            at=at,
            recorded_at=work.now,
            recorded_by=work.actor.id,
        )
        entry.person_sealed = PERSON.seal(work, vault, entry.id, seal_person(said.person))
        work.session.add(entry)
        made.append(entry.id)
        facts = {"purpose": objection.value, "channel": said.channel.value}
        record(work, Event.OBJECTION_RECORDED, subject=entry.id, facts=facts)
    work.session.flush()
    work.session.add_all(
        ObjectionToken(tenant_id=work.tenant_id, token=token, objection_id=entry_id)
        for token in tokens
        for entry_id in made
    )
    work.session.flush()
    suppress(work, tokens=tokens, objections=set(said.objections), cause=Cause.OBJECTION)
    return made
