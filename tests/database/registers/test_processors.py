"""Processors: on a footing that counts, within the region, announced before they begin."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from connector.calls.cells import to_cell
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.processors.announce import (
    TooLate,
    announce_processor,
    begin_processors,
    end_processor,
    object_to_processor,
)
from privacy.processors.find import list_processors, view_processor
from privacy.processors.records import as_csv, records_of
from privacy.processors.rules import OutsideRegion
from privacy.processors.shapes import Announcing
from privacy.profiles.sharing import Transfer
from tests.tenancies import House

pytestmark = pytest.mark.promise("E1")


def _host(work: UnitOfWork, **given: object) -> Announcing:
    said = Announcing(
        service="V",
        name="=Rechenzentrum Example",
        role="Hosting",
        country="DE",
        transfer=Transfer.EU_EEA,
        fields=("email",),
        statement_url="https://example.com/privacy",
        agreement_url="https://example.com/dpa",
        effective_on=work.today + timedelta(days=30),
    )
    return replace(said, **given)  # type: ignore[arg-type]


REFUSED: list[dict[str, object]] = [
    {"fields": ()},
    {"fields": ("religion",)},
    {"transfer": Transfer.EU_SHIELD, "country": "US", "runs": "browser"},
    {"transfer": Transfer.CLAUSES, "country": "US", "runs": "browser"},
    {"transfer": Transfer.ADEQUACY, "country": "DE"},
    {"transfer": Transfer.EU_EEA, "country": "US", "runs": "browser"},
    {
        "transfer": Transfer.ADEQUACY,
        "country": "CH",
        "runs": "browser",
        "transfer_valid_until": date(2020, 1, 1),
    },
    {"statement_url": "http://example.com"},
    {"assessment_url": "javascript:alert(1)"},
    {"effective_on": date(2020, 1, 1)},
    {"service": "Q"},
]


def test_what_has_no_footing_is_refused(house: House) -> None:
    with house.alice.work() as work:
        for given in REFUSED:
            said = _host(work, **given)
            with pytest.raises(Invalid):
                announce_processor(work, said)
        assert list_processors(work, services=()) == []


@pytest.mark.promise("E4")
def test_what_is_outside_the_region_is_refused(house: House) -> None:
    with house.alice.work() as work, pytest.raises(OutsideRegion):
        announce_processor(work, _host(work, country="SE"))
    with house.alice.work() as work:
        browser = _host(
            work,
            country="US",
            runs="browser",
            transfer=Transfer.CLAUSES,
            assessed_on=date(2026, 1, 7),
        )
        announce_processor(work, browser)
        assert len(list_processors(work, services=())) == 1, "in a browser, after consent"


def test_a_change_is_announced_and_can_be_objected_to_in_time(house: House) -> None:
    alice = house.alice
    with alice.work() as work:
        first = announce_processor(work, _host(work))
        second = announce_processor(work, _host(work, name="Another"))
        object_to_processor(work, processor_id=first)
        assert begin_processors(work) == 0
    with house.installation.superuser().begin() as connection:
        connection.execute(text("UPDATE processors SET effective_on = current_date"))
    with alice.work() as work:
        assert begin_processors(work) == 1
        assert view_processor(work, processor_id=first).state == "announced"
        assert view_processor(work, processor_id=second).state == "active"
        with pytest.raises(TooLate):
            object_to_processor(work, processor_id=second)
        end_processor(work, processor_id=second)
        listed = list_processors(work, services=("V", "C"))
    assert listed[-1].state == "ended"
    assert any("Oderland" in one.name for one in listed if one.of_profile)


@pytest.mark.attack(50)
def test_records_of_processing_are_made_from_profile_and_register(house: House) -> None:
    with house.alice.work() as work:
        announce_processor(work, _host(work))
        made = records_of(("V", "T"), list_processors(work, services=("V", "T")))
    roles = [one.role for one in made]
    assert roles == sorted(roles, key=lambda role: role != "controller")
    assert {"controller", "processor"} == set(roles)
    calls = next(one for one in made if one.activity == "Call data")
    assert (calls.role, calls.retention) == ("processor", "30 days")
    registered = next(one for one in made if one.activity == "Registrations")
    assert "Rechenzentrum Example" in registered.recipients
    table = list(csv.reader(io.StringIO(as_csv([*made, replace(calls, activity="=1+1")], to_cell))))
    assert len(table) == len(made) + 2
    assert not [cell for line in table for cell in line if cell.startswith(("=", "+", "-", "@"))]
    assert "'=1+1" in table[-1]
