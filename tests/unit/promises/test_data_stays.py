"""Promise E4, as the probe looks at it: where the database is, for the services in use."""

import uuid
from contextlib import nullcontext
from types import SimpleNamespace
from typing import cast

import pytest

from privacy.promises.house import data_stays
from privacy.promises.outcomes import Outcome
from privacy.promises.probes import Premises


def _premises(country: str | None, *services: str) -> Premises:
    return cast(
        Premises,
        SimpleNamespace(
            settings=SimpleNamespace(database_country=country),
            tenants=[uuid.UUID(int=1)],
            work_of=nullcontext,
            services_of=lambda _: services,
        ),
    )


@pytest.mark.promise("E4")
@pytest.mark.parametrize(
    ("country", "services", "outcome"),
    [
        (None, ("V",), Outcome.KEPT),
        ("DE", ("V",), Outcome.KEPT),
        ("FI", ("V",), Outcome.BROKEN),
        ("FI", ("C",), Outcome.KEPT),
        ("US", ("C",), Outcome.BROKEN),
        ("US", ("N",), Outcome.KEPT),
    ],
)
def test_the_database_is_where_the_services_in_use_promise(
    country: str | None, services: tuple[str, ...], outcome: Outcome
) -> None:
    assert data_stays(_premises(country, *services)).outcome is outcome
