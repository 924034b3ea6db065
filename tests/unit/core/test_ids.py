"""Identifiers in the order of time."""

import uuid
from datetime import timedelta

from privacy.core.clock import now
from privacy.core.ids import first_id_of, new_id


def test_an_id_lies_between_the_moments_around_it() -> None:
    before = first_id_of(now() - timedelta(seconds=1))
    made = new_id()
    assert before < made < first_id_of(now() + timedelta(seconds=1))


def test_bounds_are_ids_too() -> None:
    for each in (first_id_of(now()), new_id()):
        assert (each.version, each.variant) == (7, uuid.RFC_4122)


def test_ids_of_one_process_keep_their_order_within_a_millisecond() -> None:
    moments = [now().replace(microsecond=us) for us in range(0, 1000, 5)]
    firsts = [first_id_of(moment) for moment in moments]
    assert firsts == sorted(set(firsts))
