import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.vault.memories import Memory
from privacy.vault.ring_versions import RingVersion


@pytest.mark.attack(10)
def test_a_flush_ends_what_was_read_before_it() -> None:
    memory = Memory[str](10)
    memory.put("a", RingVersion(5, 3), "key")
    assert memory.get("a", RingVersion(9, 3)) == ("key",)
    assert memory.get("a", RingVersion(10, 10)) is None
    assert memory.get("a", RingVersion(5, 3)) is None


def test_a_key_read_after_the_flush_serves_older_transactions_too() -> None:
    memory = Memory[str](10)
    memory.put("a", RingVersion(10, 10), "key")
    assert memory.get("a", RingVersion(5, 3)) == ("key",)


def test_an_absence_counts_until_any_change() -> None:
    memory = Memory[str](10)
    memory.put("a", RingVersion(5, 3), None)
    assert memory.get("a", RingVersion(5, 3)) == (None,)
    assert memory.get("a", RingVersion(6, 3)) is None


@given(st.lists(st.integers(0, 30)))
def test_it_stays_bounded_and_keeps_the_latest(names: list[int]) -> None:
    memory, seen = Memory[int](5), RingVersion(1, 1)
    for name in names:
        memory.put(name, seen, name)
        assert memory.get(name, seen) == (name,)
        assert len(memory) <= 5
    kept = list(dict.fromkeys(reversed(names)))[:5]
    assert all(memory.get(name, seen) is not None for name in kept)


def test_forgetting() -> None:
    memory = Memory[str](10)
    memory.put("old", RingVersion(1, 1), "key")
    memory.put("new", RingVersion(4, 4), "key")
    memory.drop_before(RingVersion(4, 4))
    assert len(memory) == 1
    memory.clear()
    assert len(memory) == 0
    memory.put("x", RingVersion(1, 1), "key")
    memory.renew()
    assert len(memory) == 0
