"""Look at everything: each probe once, or once for each tenant; then promise by promise."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from privacy.core.logs import get_log
from privacy.promises.catalogue import promises
from privacy.promises.outcomes import Finding, Outcome, gathered, worst
from privacy.promises.probes import InstallationProbe, Premises, Probe, TenantProbe

_log = get_log("promises")


@dataclass(frozen=True, slots=True)
class Looked:
    """One probe and what came of it."""

    promise: str
    probe: str
    scope: str
    """`installation` or `tenant`."""
    finding: Finding


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of one examination, for the installation or for one tenant."""

    looked: Sequence[Looked]

    @property
    def standing(self) -> Mapping[str, Outcome]:
        """How each promise stands; one without any probe cannot be tested here."""
        return {key: self.of(key) for key in promises()}

    def of(self, promise: str) -> Outcome:
        """How one promise stands."""
        return worst(one.finding.outcome for one in self.looked if one.promise == promise)

    @property
    def broken(self) -> list[str]:
        """Ids of broken promises, in order."""
        return [key for key, outcome in self.standing.items() if outcome is Outcome.BROKEN]

    def count(self, outcome: Outcome) -> int:
        """How many promises stand so."""
        return sum(one is outcome for one in self.standing.values())


@dataclass(frozen=True, slots=True)
class Examination:
    """The installation's report, over all tenants; and each tenant's own."""

    installation: Report
    tenants: Mapping[uuid.UUID, Report]


def examine(
    premises: Premises, probes: Iterable[Probe], *, only: Sequence[uuid.UUID] | None = None
) -> Examination:
    """Look now. Nothing is changed; a probe that fails to look is a broken one, by its error.

    Args:
        only: look at these tenants instead of all.
    """
    listed = list(probes)
    house = [_look_at_house(premises, one) for one in listed if isinstance(one, InstallationProbe)]
    own = [one for one in listed if isinstance(one, TenantProbe)]
    tenants = premises.tenants if only is None else list(only)
    looked = {tenant: _look_at_tenant(premises, tenant, own) for tenant in tenants}
    together = [_together(probe, place, looked.values()) for place, probe in enumerate(own)]
    # A tenant learns how the installation stands, and no count of anybody else's.
    shared = [Looked(o.promise, o.probe, o.scope, Finding(o.finding.outcome)) for o in house]
    return Examination(
        Report([*house, *together]),
        {tenant: Report([*shared, *findings]) for tenant, findings in looked.items()},
    )


def _look_at_house(premises: Premises, probe: InstallationProbe) -> Looked:
    return Looked(
        probe.promise, probe.name, "installation", _safely(probe, lambda: probe.look(premises))
    )


def _look_at_tenant(
    premises: Premises, tenant: uuid.UUID, probes: Sequence[TenantProbe]
) -> list[Looked]:
    return [
        Looked(one.promise, one.name, "tenant", _safely(one, _within(premises, tenant, one)))
        for one in probes
    ]


def _within(premises: Premises, tenant: uuid.UUID, probe: TenantProbe) -> Callable[[], Finding]:
    def look() -> Finding:
        with premises.work_of(tenant) as work:
            return probe.look(work, premises)

    return look


def _together(probe: TenantProbe, place: int, tenants: Iterable[Sequence[Looked]]) -> Looked:
    found = gathered(findings[place].finding for findings in tenants)
    return Looked(probe.promise, probe.name, "tenant", found)


def _safely(probe: Probe, look: Callable[[], Finding]) -> Finding:
    """A look that cannot be made keeps nothing: it is told as broken, by the error's type."""
    try:
        return look()
    except Exception as error:  # noqa: BLE001 - one that fails spares the others
        _log.error("probe failed", step=probe.name, exc_info=True)
        return Finding(Outcome.BROKEN, {"because": f"cannot look: {type(error).__name__}"})
