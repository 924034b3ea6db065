"""A chain of another hand, tenant, installation or origin is not taken for ours."""

import shutil
import uuid
from pathlib import Path

import pytest

from privacy.core.errors import Misconfigured
from privacy.ledger.encoding import StoredEvent, event_digest, genesis, link_digest
from privacy.ledger.findings import Problem
from privacy.ledger.signing import Identity, load_identity, load_signer
from privacy.ledger.verify import verify
from tests.database.ledger.conftest import LENGTH
from tests.database.ledger.ledgers import (
    ALICE,
    BRUNO,
    EVENT_CHANGE,
    LINK_CHANGE,
    Ledger,
    kept_rows,
    make_ledger,
    mask,
)

VICTIM = 4


@pytest.mark.attack(57)
@pytest.mark.attack(58)
def test_a_chain_recomputed_by_who_knows_the_method_lacks_the_signature(
    ledger: Ledger, events: list[uuid.UUID]
) -> None:
    ledger.tamper(EVENT_CHANGE.format(change="facts = '{}'"), at=VICTIM)
    _recompute(ledger)
    problems = {found.problem for found in ledger.verify().findings}
    assert problems == {Problem.FORKED, Problem.BAD_SIGNATURE}
    assert ledger.verify().first == ledger.verify().findings[0]
    assert ledger.verify().findings[0].position == 6  # the first anchor behind the edit


def _recompute(ledger: Ledger) -> None:
    origin = ledger.signer.identity.origin
    previous = genesis(origin, ALICE)
    rows = kept_rows(
        ledger,
        "SELECT e.tenant_id, e.id, e.at, e.event, e.actor_kind, e.actor_id, e.subject, e.facts, "
        "e.commitment FROM ledger_links l JOIN ledger_events e ON e.id = l.event_id "
        "ORDER BY l.position",
    )
    for position, row in enumerate(rows, 1):
        inner = event_digest(origin, StoredEvent(**row))  # type: ignore[arg-type]
        digest = link_digest(origin, ALICE, position, inner, previous)
        ledger.tamper(
            LINK_CHANGE.format(
                change="event_digest = :inner, previous = :previous, digest = :digest"
            ),
            at=position,
            inner=inner,
            previous=previous,
            digest=digest,
        )
        previous = digest
    ledger.tamper("UPDATE ledger_heads SET digest = :digest", digest=previous)


@pytest.mark.attack(57)
def test_a_chain_moved_to_another_tenant_does_not_verify(
    ledger: Ledger, events: list[uuid.UUID]
) -> None:
    for table in ("ledger_events", "ledger_links", "ledger_heads"):
        ledger.tamper(f"UPDATE {table} SET tenant_id = :new", new=BRUNO)
    reports = ledger.reports()
    firsts = {tenant: report.findings[0] for tenant, report in reports.items()}
    assert firsts[ALICE].problem is Problem.TRUNCATED
    assert firsts[BRUNO].position == 1


@pytest.mark.attack(59)
def test_another_installations_ledger_is_not_ours(
    ledger: Ledger, events: list[uuid.UUID], tmp_path: Path
) -> None:
    """Key, database and anchors exchanged together: the pinned identity remains."""
    pinned = str(ledger.signer.identity)
    stranger = load_signer(tmp_path / "stranger", wrap=mask, unwrap=mask, pinned=None)
    folder = ledger.installation.settings.keys_folder
    for name in ("ledger-signing.key", "ledger-signing.pub"):
        shutil.copy(tmp_path / "stranger" / name, folder / name)
    with pytest.raises(Misconfigured):
        load_signer(folder, wrap=mask, unwrap=mask, pinned=pinned)
    with pytest.raises(Misconfigured):
        load_identity(folder, pinned=pinned)
    for table in ("ledger_links", "ledger_heads"):
        ledger.tamper(f"TRUNCATE {table}")
    ledger.tamper(
        "INSERT INTO ledger_pending (tenant_id, event_id) SELECT tenant_id, id FROM ledger_events"
    )
    anchors = ledger.installation.settings.anchor_folder
    shutil.rmtree(anchors)
    forged = make_ledger(ledger.installation)
    assert forged.signer.identity == stranger.identity
    assert forged.sequence() == LENGTH
    assert forged.verify().intact  # by its own identity
    report = ledger.verify()  # by the pinned one
    assert not report.intact
    assert {found.problem for found in report.findings} >= {Problem.BAD_SIGNATURE}


@pytest.mark.attack(59)
def test_the_same_key_under_another_origin_does_not_verify(
    ledger: Ledger, events: list[uuid.UUID]
) -> None:
    other = Identity(bytes(16), ledger.signer.identity.public_key)
    with ledger.installation.engines.sequencer.connect() as connection:
        report = verify(connection, other, ledger.anchors, tenant_id=ALICE)
    assert not report.intact
    assert {found.problem for found in report.findings} >= {Problem.BAD_ANCHOR}
