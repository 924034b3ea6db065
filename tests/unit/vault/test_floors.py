"""Minimum versions, after the cases of Vault's TestTransit_Trim."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.vault.errors import FloorRefused
from privacy.vault.floors import Floors

FRESH = Floors()


@pytest.mark.attack(7)
def test_trim_needs_the_floors_for_opening_and_sealing_first() -> None:
    with pytest.raises(FloorRefused):
        FRESH.raised(latest=5, available=1)
    sealing = FRESH.raised(latest=5, seal=2)
    assert sealing.raised(latest=5, available=1).available == 1
    with pytest.raises(FloorRefused):
        sealing.raised(latest=5, available=2)


@pytest.mark.attack(7)
@pytest.mark.parametrize("available", [-1, 0])
def test_trim_to_nothing_is_refused(available: int) -> None:
    with pytest.raises(FloorRefused):
        Floors(0, 3, 4).raised(latest=5, available=available)


@pytest.mark.attack(7)
def test_trim_stays_below_what_opens_and_seals() -> None:
    floors = Floors(0, 3, 4)
    assert floors.raised(latest=5, available=3) == Floors(3, 3, 4)
    for available in (4, 5, 6):
        with pytest.raises(FloorRefused):
            floors.raised(latest=5, available=available)


@pytest.mark.attack(7)
def test_what_was_trimmed_does_not_come_back() -> None:
    trimmed = Floors(3, 3, 4)
    for change in ({"available": 2}, {"open": 2}, {"seal": 2}):
        with pytest.raises(FloorRefused):
            trimmed.raised(latest=5, **change)
    assert trimmed.raised(latest=5, available=3) == trimmed
    assert trimmed.raised(latest=5, open=5, seal=5).raised(latest=5, available=5).available == 5


@pytest.mark.attack(7)
def test_floors_stay_in_order_and_within_what_exists() -> None:
    for change in ({"open": 0}, {"open": 6}, {"open": -1}, {"seal": 6}, {"seal": -1}):
        with pytest.raises(FloorRefused):
            FRESH.raised(latest=5, **change)
    with pytest.raises(FloorRefused):
        Floors(0, 3, 0).raised(latest=5, seal=2)
    assert Floors(0, 3, 4).raised(latest=5, seal=0) == Floors(0, 3, 0)


@pytest.mark.attack(7)
def test_who_may_open_and_seal() -> None:
    assert [FRESH.may_open(v) for v in (0, 1, 5)] == [False, True, True]
    assert [FRESH.may_seal(v, 5) for v in (1, 4, 5, 6)] == [False, False, True, False]
    floors = Floors(2, 3, 4)
    assert [floors.may_open(v) for v in (2, 3)] == [False, True]
    assert [floors.may_seal(v, 5) for v in (3, 4, 5, 6)] == [False, True, True, False]


@pytest.mark.attack(7)
@given(
    st.integers(1, 6),
    st.lists(
        st.fixed_dictionaries(
            {}, optional={k: st.integers(-1, 7) for k in ("available", "open", "seal")}
        ),
        max_size=8,
    ),
)
def test_no_way_leads_out_of_order(latest: int, changes: list[dict[str, int]]) -> None:
    floors = FRESH
    for change in changes:
        before = floors
        try:
            floors = floors.raised(latest=latest, **change)
        except FloorRefused:
            continue
        assert floors.available >= before.available
        assert max(1, floors.available) <= floors.open <= latest
        assert floors.seal == 0 or floors.open <= floors.seal <= latest
