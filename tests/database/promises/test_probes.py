"""Each probe finds its promise kept, and finds it broken once it was broken on purpose."""

import pytest

from connector.promises.registry import PROBES
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.promises.outcomes import Outcome
from tests.database.promises.breaks import BREAKS
from tests.database.promises.trials import Trial

NAMED = {probe.name: probe for probe in PROBES}


def test_every_probe_can_fail() -> None:
    assert set(NAMED) == set(BREAKS), "a new probe says how it is broken"
    assert len(NAMED) == len(PROBES)


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_a_broken_promise_is_seen(name: str, trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    probe, broken = NAMED[name], BREAKS[name]
    tenant = INSTALLATION_ID if broken.of_house else None
    if broken.empty:
        assert trial.look(probe, tenant=tenant).outcome is Outcome.UNTESTABLE
    broken.make(trial, monkeypatch)
    before = trial.look(probe, tenant=tenant)
    assert before.outcome is Outcome.KEPT, before
    broken.act(trial, monkeypatch)
    after = trial.look(probe, tenant=tenant)
    assert after.outcome is Outcome.BROKEN, after
