"""Nothing about a person goes to an endpoint for a purpose that they can object to, unlooked."""

from typing import Any, cast

import pytest

from connector.events_out.endpoints import Wish, add_endpoint
from connector.events_out.kinds import EventKind
from connector.subjects.told import request_for
from jobs.tasks.events_out import LOOKUPS
from privacy.core.errors import Invalid
from privacy.suppressions.uses import OBJECTABLE, Use

ABOUT_NOBODY = {
    EventKind.ACCOUNT_STATE_CHANGED,
    EventKind.BACKUP_FAILED,
    EventKind.POLICY_CHANGED,
    EventKind.ENDPOINT_TESTED,
}
FACTS = {"request_id": "0198c0de-0000-7000-8000-0000000000f3", "kind": "access"}
NOTHING = cast(Any, None)


@pytest.mark.promise("A13")
def test_each_event_about_a_person_is_looked_at_before_it_leaves() -> None:
    assert set(EventKind) - set(LOOKUPS) == ABOUT_NOBODY


@pytest.mark.promise("A13")
@pytest.mark.promise("C6")
@pytest.mark.parametrize("use", Use)
def test_nobody_is_marketed_to_because_they_asked_for_their_rights(use: Use) -> None:
    told = request_for(NOTHING, NOTHING, FACTS, use)
    assert told == (None if use in OBJECTABLE else FACTS)


@pytest.mark.parametrize("name", ["", " ", "a\0b", "\u202edesk", "a\nb", "x" * 81])
def test_an_endpoints_name_is_a_line_that_says_what_it_shows(name: str) -> None:
    wish = Wish(name, "https://hooks.example.com/due", (EventKind.SUBJECT_REQUEST_DUE,))
    with pytest.raises(Invalid):
        add_endpoint(NOTHING, vault=NOTHING, wish=wish)
