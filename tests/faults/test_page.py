"""The documented matrix is the one that is tried, and it has every fault that can be ordered."""

import pytest

from connector.accounts.states import AccountState
from connector.simulators.exchanges.exchange import FaultName
from connector.simulators.microsoft.faults import FaultName as OfMicrosoft
from connector.simulators.moontalk.faults import FaultName as OfMoontalk
from connector.simulators.netvisor.faults import FaultName as OfNetvisor
from tests.faults.page import PAGE, matrix, written
from tests.faults.posting import CELLS, table
from tests.faults.systems import SYSTEMS
from tests.faults.troubles import TROUBLES

ELSEWHERE = {
    "netvisor": {"period_lock"},  # of writing: tests/functional/netvisor/test_sending.py
    "microsoft": {"cursor_expired"},  # of lists with a place: tests/functional/microsoft
    "microsoft_calls": {"cursor_expired"},
    "moontalk": {"cursor_expired"},
}


def test_the_page_says_what_is_tried() -> None:
    assert written() == matrix(), "run: .venv/bin/python -m tests.faults.page"


def test_the_page_says_what_exchanges_do() -> None:
    page = PAGE.read_text().partition("<!-- posting -->\n\n")[2].partition("\n<!--")[0]
    assert f"{page}\n" == table()
    assert {fault for _, fault in (cell.values for cell in CELLS)} == set(FaultName)


@pytest.mark.parametrize(
    ("system", "names"),
    [
        ("netvisor", OfNetvisor),
        ("microsoft", OfMicrosoft),
        ("microsoft_calls", OfMicrosoft),
        ("moontalk", OfMoontalk),
    ],
)
def test_every_fault_that_can_be_ordered_is_in_the_matrix(system: str, names: type) -> None:
    ordered = {trouble.orders[system].fault for trouble in TROUBLES if system in trouble.orders}
    assert ordered | ELSEWHERE[system] == {name.value for name in names}  # type: ignore[attr-defined]


def test_every_system_can_be_away() -> None:
    assert len({system.name for system in SYSTEMS}) == len(SYSTEMS)
    for system in SYSTEMS:
        assert sum(trouble.met_by(system.name) for trouble in TROUBLES) >= 10


def test_an_outage_never_asks_for_a_credential() -> None:
    for trouble in TROUBLES:
        for system in SYSTEMS:
            ends = trouble.ends_of(system.name)
            assert not (ends.outage and AccountState.NEEDS_REAUTH in ends[:3])
