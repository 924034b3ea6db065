"""A whole row put back to an older state is found by the ledger (ATTACK 4)."""

import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from privacy.core.db.work import unit_of_work
from privacy.ledger import rollbacks
from privacy.ledger.findings import Finding, Problem
from privacy.ledger.rollbacks import Versioned, register
from privacy.ledger.verify import verify_all
from tests.database.ledger.ledgers import ACTOR, ALICE, BRUNO, Ledger

ROW = uuid.UUID("01890000-0000-7000-8000-0000000000f1")


@pytest.fixture
def things(ledger: Ledger) -> Iterator[Versioned]:
    """A tenant table with a versioned, sealed column."""
    ledger.tamper(
        "CREATE TABLE things (tenant_id uuid, id uuid, version int, sealed bytea); "
        "GRANT SELECT, UPDATE ON things TO silta_app"
    )
    for tenant in (ALICE, BRUNO):
        ledger.tamper("INSERT INTO things VALUES (:t, :id, 0, '')", t=tenant, id=ROW)
    before = dict(rollbacks._registered)
    yield register(Versioned("things", "version"))
    rollbacks._registered.clear()
    rollbacks._registered.update(before)


def _advance(ledger: Ledger, things: Versioned, to: int, tenant: uuid.UUID = ALICE) -> None:
    with unit_of_work(ledger.installation.engines.app, tenant_id=tenant, actor=ACTOR) as work:
        work.connection.execute(
            text("UPDATE things SET version = :v, sealed = :s WHERE tenant_id = :t"),
            {"v": to, "s": bytes([to]), "t": tenant},
        )
        things.witness(work, row_id=ROW, version=to)


def _findings(ledger: Ledger, tenant: uuid.UUID = ALICE) -> tuple[Finding, ...]:
    engines = ledger.installation.engines
    reports = verify_all(engines.sequencer, ledger.signer.identity, ledger.anchors, app=engines.app)
    return {report.tenant_id: report.findings for report in reports}[tenant]


@pytest.mark.attack(4)
def test_a_row_put_back_whole_is_named_with_its_witness(ledger: Ledger, things: Versioned) -> None:
    for version in (1, 2, 10):
        _advance(ledger, things, version)
        _advance(ledger, things, version, BRUNO)
    ledger.sequence()
    assert _findings(ledger) == _findings(ledger, BRUNO) == ()
    ledger.tamper("UPDATE things SET version = 2, sealed = '\\x02' WHERE tenant_id = :t", t=ALICE)
    (found,) = _findings(ledger)
    assert (found.problem, found.position) == (Problem.ROLLED_BACK, 3)
    assert found.event_id is not None
    assert _findings(ledger, BRUNO) == ()


@pytest.mark.attack(4)
def test_a_witness_cannot_be_taken_away_unseen(ledger: Ledger, things: Versioned) -> None:
    _advance(ledger, things, 1)
    _advance(ledger, things, 2)
    ledger.sequence()
    ledger.tamper("UPDATE things SET version = 1 WHERE tenant_id = :t", t=ALICE)
    for change in ('\'{"of": "things.version"}\'', "'[]'", '\'{"of": "x", "version": "y"}\''):
        ledger.tamper(f"UPDATE ledger_events SET facts = {change}, subject = 'x' WHERE id = "
                      "(SELECT event_id FROM ledger_links WHERE position = 2)")  # fmt: skip
        assert Problem.EDITED_EVENT in {found.problem for found in _findings(ledger)}


def test_a_deleted_row_is_no_rollback(ledger: Ledger, things: Versioned) -> None:
    _advance(ledger, things, 3)
    ledger.sequence()
    ledger.tamper("DELETE FROM things")
    assert _findings(ledger) == ()
