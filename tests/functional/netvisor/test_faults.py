"""Each fault of the simulator against a read: its kind, and that nothing is lost or shown."""

import threading
import time

import pytest

from connector.outbound.client import Limits
from connector.outbound.failures import Failure, FailureKind
from connector.providers.netvisor import reading
from connector.simulators.netvisor.faults import FaultName
from tests.functional.netvisor.worlds import whole_customers, world

ONCE_IS_HEALED = (
    *("latency", "500", "lost_request", "lost_answer", "duplicate_transaction"),
    "technical_error",
)
KINDS = {
    FaultName.LATENCY: FailureKind.TRANSIENT,
    FaultName.TOO_MANY_REQUESTS: FailureKind.TRANSIENT,
    FaultName.SERVER_ERROR: FailureKind.TRANSIENT,
    FaultName.HTML_PAGE: FailureKind.SYSTEM,
    FaultName.ANOTHER_HOST: FailureKind.SYSTEM,
    FaultName.LOST_REQUEST: FailureKind.TRANSIENT,
    FaultName.LOST_ANSWER: FailureKind.TRANSIENT,
    FaultName.WRONG_MAC: FailureKind.CONFIGURATION,
    FaultName.DUPLICATE_TRANSACTION: FailureKind.TRANSIENT,
    FaultName.MAINTENANCE: FailureKind.TRANSIENT,
    FaultName.TECHNICAL_ERROR: FailureKind.TRANSIENT,
    FaultName.SERVICE_ACCESS: FailureKind.CONFIGURATION,
    FaultName.PERIOD_LOCK: FailureKind.CONFIGURATION,
    FaultName.UNKNOWN_CODE: FailureKind.SYSTEM,
    FaultName.BARE_TEXT: FailureKind.SYSTEM,
    FaultName.MALFORMED_XML: FailureKind.SYSTEM,
    FaultName.TRUNCATED_XML: FailureKind.SYSTEM,
    FaultName.DTD_ATTACK: FailureKind.SYSTEM,
    FaultName.EMPTY_ANSWER: FailureKind.SYSTEM,
}
HASTY = Limits(connect_seconds=2, idle_seconds=0.3, total_seconds=1)


def test_every_fault_is_here() -> None:
    assert set(KINDS) == set(FaultName)


@pytest.mark.parametrize("name", list(FaultName))
def test_a_fault_that_stays(name: FaultName) -> None:
    with world() as w:
        w.fault(name.value, times=-1, seconds=1)
        with pytest.raises(Failure) as failed:
            list(reading.list_customers(w.client(HASTY), None))
        assert failed.value.kind is KINDS[name]
        keys = w.desk.keys
        for text in (failed.value.message, failed.value.log, str(failed.value)):
            for secret in (keys.customer_key, keys.partner_key):
                assert secret.lower() not in text.lower()
            assert "root:" not in text


@pytest.mark.parametrize("name", ONCE_IS_HEALED)
def test_a_fault_that_passes(name: str) -> None:
    with world() as w:
        w.fault(name, seconds=1)
        client = w.client(HASTY)
        w.really_pause = 1.0 if name == "latency" else 0.0
        assert len(list(reading.list_customers(client, None))) == 12
        assert w.paused == [2.0]


def test_no_half_list_is_taken_for_a_whole_one() -> None:
    with world(customers=400) as w:
        w.fault("truncated_xml")
        with pytest.raises(Failure):
            whole_customers(w.client())


def test_one_message_at_a_time() -> None:
    """Four threads share an account's lock; the simulator refuses messages that overlap."""
    with world() as w:
        w.fault("latency", times=4, seconds=0.2)
        failures: list[Failure] = []

        def run() -> None:
            try:
                list(reading.list_customers(w.client(), None))
            except Failure as failure:
                failures.append(failure)

        threads = [threading.Thread(target=run) for _ in range(4)]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert w.paused == []
        assert time.monotonic() - began >= 0.8
        assert not w.lock.locked()


def test_messages_that_overlap_are_refused_by_the_simulator() -> None:
    with world() as w:
        w.fault("latency", seconds=1.0)
        slow = threading.Thread(target=lambda: list(reading.list_customers(w.client(), None)))
        slow.start()
        time.sleep(0.4)
        w.lock, w.really_pause = threading.Lock(), 0.5
        list(reading.list_customers(w.client(), None))
        slow.join()
        assert w.paused


def test_the_lock_is_let_go_whatever_happens() -> None:
    with world() as w:
        w.fault("wrong_mac")
        with pytest.raises(Failure):
            list(reading.list_customers(w.client(), None))
        assert not w.lock.locked()
