"""Limits are told of in time, once before and once after."""

from datetime import timedelta

import pytest

from connector.events_out.endpoints import Wish, add_endpoint
from connector.events_out.kinds import EventKind
from connector.subjects.due import tell_due
from privacy.identities.people import Person
from privacy.subjects.words import RequestKind
from tests.database.subjects.people import NUMBER, Rights
from tests.tenancies import House


def test_a_limit_is_told_of_a_week_before_and_once_it_is_over(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    rights = Rights(house, house.alice)
    wish = Wish("Desk", "https://hooks.example.com/due", (EventKind.SUBJECT_REQUEST_DUE,))
    with rights.tenant.work() as work:
        add_endpoint(work, vault=rights.tenant.vault, wish=wish)
    rights.ask(RequestKind.ACCESS, Person(phone=NUMBER))
    told = []
    for days in (0, 26, 27, 40, 41):
        monkeypatch.setattr("privacy.core.clock._offset", timedelta(days=days))
        with rights.tenant.work() as work:
            told.append(tell_due(work))
    assert told == [0, 1, 0, 1, 0]
    facts = [row[0] for row in house.rows("SELECT facts FROM webhook_events ORDER BY at")]
    assert [fact["overdue"] for fact in facts] == [False, True]  # type: ignore[index]
    assert NUMBER not in str(facts)
