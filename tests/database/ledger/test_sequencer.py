"""The sequencer chains everything once, in order, and heals after any death."""

import os
import signal
import threading
import uuid
from collections.abc import Sequence
from typing import Never

import pytest
from sqlalchemy import text

from privacy.core.db.engine import Engines
from privacy.ledger import sequencer
from privacy.ledger.anchors import DirectoryAnchors
from privacy.ledger.encoding import Head
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.ledger.sequencer import sequence
from tests.database.ledger.ledgers import ALICE, BRUNO, Ledger


def test_events_are_chained_in_the_order_in_which_they_were_recorded(ledger: Ledger) -> None:
    expected = ledger.record(5) + ledger.record(3)
    assert ledger.sequence() == 8
    with ledger.work() as work:
        rows = work.connection.execute(
            text("SELECT event_id FROM ledger_links ORDER BY position")
        ).scalars()
        assert list(rows) == expected
    report = ledger.verify()
    assert report.intact
    assert (report.links, report.head_position, report.anchored_position) == (8, 8, 8)
    assert report.pending == 0


def test_each_tenant_has_a_chain_of_its_own(ledger: Ledger) -> None:
    ledger.record(3, ALICE)
    ledger.record(2, BRUNO)
    assert ledger.sequence() == 5
    reports = ledger.reports()
    assert {tenant: report.links for tenant, report in reports.items()} == {ALICE: 3, BRUNO: 2}
    assert all(report.intact for report in reports.values())


def test_batches_continue_each_other(ledger: Ledger) -> None:
    ledger.record(10)
    assert [ledger.sequence(limit=4) for _ in range(4)] == [4, 4, 2, 0]
    assert ledger.verify().intact


def test_an_event_exists_only_with_its_transaction(ledger: Ledger) -> None:
    def fail() -> None:
        with ledger.work() as work:
            record(work, Event.SIGNED_IN)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert ledger.installation.count("ledger_events") == 0
    assert ledger.installation.count("ledger_pending") == 0


def test_what_waits_is_counted_and_its_age_shown(ledger: Ledger) -> None:
    ledger.record(2)
    report = ledger.verify(patience=0.0)
    assert report.pending == 2
    assert report.oldest_pending_seconds > 0
    assert report.first is not None
    assert report.first.problem == "pending_too_long"


class _Dies(DirectoryAnchors):
    """Anchors whose process ends before, or right after, a head is kept."""

    after = False

    def append(self, heads: Sequence[Head]) -> list[Head]:
        if self.after:
            super().append(heads)
        os._exit(9)


def _killed(ledger: Ledger, anchors: DirectoryAnchors, fault: str | None = None) -> None:
    """Run a sequencer in a child that ends hard on its way."""
    child = os.fork()
    if child == 0:
        if fault is not None:
            setattr(sequencer, fault, _exit)
        engine = Engines(ledger.installation.settings).sequencer
        sequence(engine, ledger.signer, anchors)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def _exit(*_: object, **__: object) -> Never:
    os._exit(9)


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.parametrize("step", ["trusted_heads", "write", "_write_heads", "_anchor"])
def test_a_kill_at_any_step_is_healed_by_the_next_run(ledger: Ledger, step: str) -> None:
    ledger.record(3)
    ledger.sequence()
    ledger.record(3)
    _killed(ledger, ledger.anchors, step)
    assert ledger.verify().intact
    ledger.record(1)
    ledger.sequence()
    report = ledger.verify()
    assert report.intact
    assert (report.links, report.anchored_position, report.pending) == (7, 7, 0)


@pytest.mark.parametrize("after", [False, True])
def test_a_kill_before_or_after_the_anchor_is_no_alarm(ledger: Ledger, after: bool) -> None:
    ledger.record(3)
    anchors = _Dies(ledger.installation.settings.anchor_folder)
    anchors.after = after
    _killed(ledger, anchors)
    report = ledger.verify()
    assert report.intact
    assert (report.head_position, report.anchored_position) == (3, 3 if after else 0)
    assert ledger.sequence() == 0  # nothing new, and yet the anchor is made up for
    assert ledger.verify().anchored_position == 3


def test_a_torn_anchor_line_is_passed_over(ledger: Ledger) -> None:
    ledger.record(2)
    ledger.sequence()
    (path,) = ledger.installation.settings.anchor_folder.glob("heads-*.jsonl")
    with path.open("ab") as file:
        file.write(b'{"tenant":"0189')
    ledger.record(1)
    ledger.sequence()
    report = ledger.verify()
    assert report.intact
    assert report.anchored_position == 3


def test_sequencers_killed_and_raced_never_fork_the_chain(ledger: Ledger) -> None:
    settings = ledger.installation.settings
    errors: list[BaseException] = []

    def run() -> None:
        engines = Engines(settings)
        anchors = DirectoryAnchors(settings.anchor_folder)
        try:
            for _ in range(15):
                sequence(engines.sequencer, ledger.signer, anchors, limit=7)
        except BaseException as error:  # noqa: BLE001
            errors.append(error)
        finally:
            engines.dispose()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(10):
        ledger.record(10)
    for thread in threads:
        thread.join()
    while ledger.sequence():
        pass
    assert not errors
    report = ledger.verify()
    assert report.intact
    assert report.links == report.anchored_position == 100


def test_a_second_sequencer_waits_for_nobody(ledger: Ledger) -> None:
    ledger.record(1)
    with ledger.installation.engines.sequencer.connect() as other:
        other.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": sequencer._LOCK})
        other.commit()
        assert ledger.sequence() == 0
        other.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": sequencer._LOCK})
        other.commit()
    assert ledger.sequence() == 1


@pytest.mark.slow
def test_sigkill_in_mid_load_loses_and_repeats_nothing(ledger: Ledger) -> None:
    tenants = [ALICE, BRUNO]
    for tenant in tenants:
        ledger.record(400, tenant)
    for delay in (0.0, 0.02, 0.05, 0.1):
        child = os.fork()
        if child == 0:
            engine = Engines(ledger.installation.settings).sequencer
            while True:
                sequence(engine, ledger.signer, ledger.anchors, limit=5)
        threading.Event().wait(0.15 + delay)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    while ledger.sequence(limit=100):
        pass
    reports = ledger.reports()
    assert [reports[tenant].links for tenant in tenants] == [400, 400]
    assert all(report.intact and report.anchored_position == 400 for report in reports.values())


def test_a_mark_set_again_by_a_thief_stops_nobody(ledger: Ledger) -> None:
    (event_id,) = ledger.record(1)
    ledger.sequence()
    with ledger.work() as work:
        work.connection.execute(
            text("INSERT INTO ledger_pending (tenant_id, event_id) VALUES (:t, :e)"),
            [{"t": ALICE, "e": event_id}, {"t": ALICE, "e": uuid.uuid4()}],
        )
    ledger.record(1)
    assert ledger.sequence() == 1
    report = ledger.verify()
    assert [found.problem for found in report.findings] == ["stray_mark"]
