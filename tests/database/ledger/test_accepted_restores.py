"""An older database is accepted by a person, for good and under their name; by nobody else."""

import uuid

import pytest
from sqlalchemy import text

from privacy.backups.accept import NothingToAccept, Reason, accept_restore
from privacy.backups.errors import RestoreFailed
from privacy.core.errors import Invalid
from privacy.ledger.anchors import DirectoryAnchors
from privacy.ledger.encoding import Head
from privacy.ledger.findings import Problem
from tests.database.ledger.ledgers import ALICE, BRUNO, Ledger

BY = uuid.UUID("01890000-0000-7000-8000-0000000000cc")


def put_back(ledger: Ledger, position: int) -> None:
    """Alice's ledger as a copy had it that ended at `position`; Bruno's as if it never was."""
    with ledger.superuser() as connection:
        head = connection.execute(
            text(
                "SELECT digest FROM ledger_links WHERE tenant_id = :alice AND position = :position"
            ),
            {"alice": ALICE, "position": position},
        ).scalar_one()
        kept = next(one for one in ledger.anchors.history(ALICE) if one.position == position)
        assert kept.digest == head
        for statement in (
            "DELETE FROM ledger_events e USING ledger_links l WHERE l.tenant_id = :alice "
            "AND l.event_id = e.id AND l.position > :position",
            "DELETE FROM ledger_links WHERE tenant_id = :alice AND position > :position",
            "UPDATE ledger_heads SET position = :position, anchored = :position, digest = :digest, "
            "signed_at = :at, signature = :signature WHERE tenant_id = :alice",
            "DELETE FROM ledger_heads WHERE tenant_id = :bruno",
            "DELETE FROM ledger_links WHERE tenant_id = :bruno",
            "DELETE FROM ledger_events WHERE tenant_id = :bruno",
        ):
            given = {
                "alice": ALICE,
                "bruno": BRUNO,
                "position": position,
                "digest": kept.digest,
                "at": kept.signed_at,
                "signature": kept.signature,
            }
            wanted = {name: value for name, value in given.items() if f":{name}" in statement}
            connection.execute(text(statement), wanted)


def accept(ledger: Ledger, **given: str) -> object:
    fresh = DirectoryAnchors(ledger.installation.settings.anchor_folder)
    return accept_restore(
        ledger.installation.engines, fresh, ledger.signer, by=BY, reason=Reason.COPY, **given
    )


@pytest.mark.attack(58)
def test_a_ledger_goes_on_after_somebody_accepted_it(ledger: Ledger) -> None:
    ledger.record(3)
    ledger.sequence()
    ledger.record(4)
    ledger.record(2, BRUNO)
    ledger.sequence()
    with pytest.raises(NothingToAccept):
        accept(ledger)
    put_back(ledger, 3)
    ledger.record(1)
    ledger.record(1, BRUNO)
    assert ledger.sequence() == 0, "halted: the anchors know of more"
    assert Problem.TRUNCATED in {found.problem for found in ledger.verify().findings}
    with pytest.raises(Invalid):
        accept(ledger, reference="two words")

    accept(ledger, reference="T-17")
    assert ledger.sequence() > 0
    report = ledger.verify()
    assert report.findings == ()
    assert report.head_position == 5, "three kept, one that waited, and the acceptance"
    with ledger.superuser() as connection:
        said = connection.execute(
            text(
                "SELECT facts, actor_kind, actor_id FROM ledger_events "
                "WHERE tenant_id = :alice AND event = 'cli:database:restore_accepted'"
            ),
            {"alice": ALICE},
        ).one()
    assert said.facts == {"reason": "restored_copy", "reference": "T-17", "after": 3, "lost": 4}
    assert (said.actor_kind, said.actor_id) == ("operator", BY)
    ledger.record(2)
    ledger.record(1, BRUNO)
    assert ledger.sequence() == 3, "Bruno's begins anew, before its first link"
    assert ledger.verify().intact
    assert ledger.verify(BRUNO).intact
    with pytest.raises(NothingToAccept):
        accept(ledger)


@pytest.mark.attack(58)
def test_what_is_no_older_copy_is_not_accepted(ledger: Ledger) -> None:
    ledger.record(3)
    ledger.sequence()
    ledger.record(4)
    ledger.sequence()
    put_back(ledger, 3)
    ledger.tamper("UPDATE ledger_events SET subject = 'forged' WHERE tenant_id = :a", a=ALICE)
    with pytest.raises(RestoreFailed):
        accept(ledger)
    assert ledger.verify().findings != ()


@pytest.mark.attack(59)
def test_nobody_without_the_key_winds_a_ledger_back(ledger: Ledger) -> None:
    ledger.record(3)
    ledger.sequence()
    ledger.record(4)
    ledger.sequence()
    put_back(ledger, 3)
    last = ledger.anchors.latest(ALICE)
    assert last is not None
    (kept,) = [one for one in ledger.anchors.history(ALICE) if one.position == 3]
    forged = Head(ALICE, 3, kept.digest, kept.signed_at, kept.signature, archive=BY)
    DirectoryAnchors(ledger.installation.settings.anchor_folder).restart([forged])
    ledger.record(1)
    assert ledger.sequence() == 0, "halted still"
    assert Problem.BAD_ANCHOR in {found.problem for found in ledger.verify().findings}
