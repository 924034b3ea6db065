"""Each fault × each system through the engine: where accounts end, nothing lost, nothing twice."""

import pytest

from connector.accounts.states import READING, AccountState
from tests.faults.systems import SYSTEMS, System
from tests.faults.trials import Trial, trial
from tests.faults.troubles import DOUBT, TROUBLES, Trouble
from tests.tenancies import House

CELLS = [
    pytest.param(system, trouble, id=f"{system.name}-{trouble.name}")
    for system in SYSTEMS
    for trouble in TROUBLES
    if trouble.met_by(system.name)
]
HOUR = {"hours": 1, "minutes": 1}


@pytest.mark.parametrize(("system", "trouble"), CELLS)
def test_a_fault_at_a_system(shared: House, system: System, trouble: Trouble) -> None:
    """From a first read that fails for days, over a read that breaks in the middle, to peace."""
    ends = trouble.ends_of(system.name)
    with trial(shared, system) as t:
        assert suffer(t, system, trouble) == ends[:3]
        recover(t)
        assert t.told() == ((1, 1) if ends.outage else (0, 0))
        break_in_the_middle(t, system, trouble)
        recover(t)
        nothing_twice(t)


def suffer(t: Trial, system: System, trouble: Trouble) -> tuple[AccountState, ...]:
    """Meet the fault from the first request on; the states at once, in an hour, in two days."""
    ends = trouble.ends_of(system.name)
    # What the test call was given to sign in with has ended.
    t.later(hours=2)
    trouble.begin(t, system.name)
    t.run()
    states = [t.state()]
    if ends.outage:
        t.later(**HOUR)
        t.run()
    states.append(t.state())
    # A doubt counts once a day; of an outage only its length counts.
    for _ in range(2 if ends is DOUBT else 1):
        t.later(days=1)
        t.run()
    states.append(t.state())
    if states[-1] not in READING:
        asked = t.site.asked()
        assert t.run() == []
        assert t.site.asked() == asked, "nobody asks with a credential that was refused"
    return tuple(states)


def recover(t: Trial) -> None:
    """The fault is over: the next run brings exactly what the system has."""
    t.mend()
    t.later(**HOUR)
    t.run()
    assert t.state() is AccountState.CONNECTED
    assert t.stored() == t.there()


def break_in_the_middle(t: Trial, system: System, trouble: Trouble) -> None:
    """A sweep that meets the fault after its first page takes nothing away."""
    before = t.stored()
    t.change()
    t.later(**HOUR)
    t.wire.after_page = lambda: trouble.begin(t, system.name)
    t.run(full=True)
    assert t.stored() == before


def nothing_twice(t: Trial) -> None:
    """All runs together created what is there, once. Of a call a new version counts as new."""
    assert t.created() == sum(map(len, t.there().values())) + t.new_versions
