"""Faults in their order, for as many requests as ordered."""

from connector.simulators.netvisor.faults import (
    Fault,
    FaultName,
    Faults,
    refusal_of,
    spoiled,
)


def test_oldest_first_and_as_often_as_ordered() -> None:
    faults = Faults()
    faults.order(Fault(FaultName.SERVER_ERROR, times=2))
    faults.order(Fault(FaultName.MAINTENANCE))
    taken = [faults.take("customerlist") for _ in range(4)]
    names = [fault.name if fault else None for fault in taken]
    assert names == ["500", "500", "maintenance", None]


def test_a_fault_of_one_resource_waits_for_it() -> None:
    faults = Faults()
    faults.order(Fault(FaultName.LATENCY, resource="salesinvoice"))
    assert faults.take("customerlist") is None
    assert faults.take("salesinvoice") is not None


def test_a_fault_that_stays_until_cleared() -> None:
    faults = Faults()
    faults.order(Fault(FaultName.LATENCY, times=-1))
    assert all(faults.take("x") for _ in range(5))
    faults.clear()
    assert faults.ordered() == []


def test_what_is_no_refusal_and_what_spoils_nothing() -> None:
    assert refusal_of(FaultName.LATENCY, signed="") is None
    assert spoiled(FaultName.LATENCY, b"<Root/>") == b"<Root/>"
    refusal = refusal_of(FaultName.BARE_TEXT, signed="")
    assert refusal is not None
    assert " :: " not in refusal.sentence
