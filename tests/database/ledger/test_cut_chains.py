"""A chain that was cut, grew anew or lost its anchors or its head: the rest tells of it."""

import shutil
import uuid

import pytest

from privacy.ledger.anchors import DirectoryAnchors
from privacy.ledger.findings import Problem
from tests.database.ledger.conftest import LENGTH
from tests.database.ledger.ledgers import (
    ALICE,
    BRUNO,
    Ledger,
    kept_rows,
)


@pytest.mark.attack(58)
def test_a_truncated_chain_with_its_old_head_is_noticed(ledger: Ledger) -> None:
    ledger.record(3)
    ledger.sequence()
    (old,) = kept_rows(ledger, "SELECT * FROM ledger_heads")
    ledger.record(3)
    ledger.sequence()
    _cut(ledger, old)
    first = ledger.verify().first
    assert first is not None
    assert (first.problem, first.position) == (Problem.TRUNCATED, 4)
    ledger.record(1)
    assert ledger.sequence() == 0  # nothing is built on a chain that was cut
    assert ledger.verify().pending == 1


def _cut(ledger: Ledger, head: dict[str, object]) -> None:
    """Make the database what it was when `head` was signed."""
    ledger.tamper(
        "DELETE FROM ledger_events USING ledger_links l WHERE l.event_id = id AND l.position > :p",
        p=head["position"],
    )
    ledger.tamper("DELETE FROM ledger_links WHERE position > :p", p=head["position"])
    ledger.tamper(
        "UPDATE ledger_heads SET position = :position, digest = :digest, "
        "signed_at = :signed_at, signature = :signature, anchored = :anchored",
        **{name: value for name, value in head.items() if name != "tenant_id"},
    )


@pytest.mark.attack(58)
def test_a_chain_that_was_cut_and_grew_anew_is_a_fork(ledger: Ledger) -> None:
    """The administrator has even the sequencer's help: it runs on a copy with other anchors."""
    ledger.record(3)
    ledger.sequence()
    (old,) = kept_rows(ledger, "SELECT * FROM ledger_heads")
    ledger.record(3)
    ledger.sequence()
    _cut(ledger, old)
    anchors = ledger.installation.settings.anchor_folder
    shutil.move(anchors, anchors.with_name("real"))
    ledger.anchors = DirectoryAnchors(anchors)
    ledger.record(5)
    assert ledger.sequence() == 5
    assert ledger.verify().intact  # by the false anchors
    shutil.rmtree(anchors)
    shutil.move(anchors.with_name("real"), anchors)
    first = ledger.verify().first
    assert first is not None
    assert (first.problem, first.position) == (Problem.FORKED, 6)


@pytest.mark.attack(58)
def test_lost_anchors_are_missed(ledger: Ledger, events: list[uuid.UUID]) -> None:
    shutil.rmtree(ledger.installation.settings.anchor_folder)
    (found,) = ledger.verify().findings
    assert (found.problem, found.position) == (Problem.ANCHOR_LOST, LENGTH)


@pytest.mark.attack(58)
def test_everything_gone_is_noticed_by_the_anchors_alone(
    ledger: Ledger, events: list[uuid.UUID]
) -> None:
    ledger.tamper("TRUNCATE ledger_events, ledger_links, ledger_heads, ledger_pending")
    first = ledger.verify().first
    assert first is not None
    assert (first.problem, first.position) == (Problem.TRUNCATED, 1)
    ledger.record(1)
    assert ledger.sequence() == 0


@pytest.mark.attack(57)
@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE ledger_heads SET signature = sha512(signature)", Problem.BAD_SIGNATURE),
        ("UPDATE ledger_heads SET signed_at = signed_at + '1 s'", Problem.BAD_SIGNATURE),
        ("UPDATE ledger_heads SET position = position + 1", Problem.BAD_SIGNATURE),
        ("DELETE FROM ledger_heads", Problem.MISSING_HEAD),
    ],
)
def test_the_head_is_watched_too(
    ledger: Ledger, events: list[uuid.UUID], statement: str, problem: Problem
) -> None:
    ledger.tamper(statement)
    first = ledger.verify().first
    assert first is not None
    assert first.problem is problem
    ledger.record(1)
    assert ledger.sequence() == 0


def test_one_broken_tenant_stops_no_other(ledger: Ledger) -> None:
    ledger.record(2, ALICE)
    ledger.record(2, BRUNO)
    ledger.sequence()
    ledger.tamper("DELETE FROM ledger_heads WHERE tenant_id = :tenant", tenant=ALICE)
    ledger.record(5, ALICE)
    ledger.record(2, BRUNO)
    assert ledger.sequence(limit=3) == 2
    reports = ledger.reports()
    assert reports[BRUNO].intact
    assert reports[BRUNO].links == 4
    assert reports[ALICE].pending == 5
