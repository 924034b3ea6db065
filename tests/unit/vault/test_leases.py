import os
from collections.abc import Callable
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.vault import sealing
from privacy.vault.errors import SealLimit
from privacy.vault.keys import DayKey
from privacy.vault.leases import LARGEST, LIMIT, SMALLEST, SealLease
from tests.unit.vault.keys import today


class Book:
    """A counter that outlives processes, as the key's row does."""

    def __init__(self, leased: int = 0) -> None:
        self.leased = leased
        self.used = 0

    def persist(self, count: int) -> None:
        if self.leased + count > LIMIT:
            raise SealLimit
        self.leased += count

    def taker(self) -> Callable[[int], None]:
        lease = SealLease(self.persist)

        def take(count: int) -> None:
            lease.take(count)
            self.used += count

        return take


@pytest.mark.attack(1)
@given(st.lists(st.tuples(st.integers(0, 3_000_000), st.booleans()), max_size=40))
def test_no_seal_is_uncounted_over_any_restarts(uses: list[tuple[int, bool]]) -> None:
    book = Book()
    take = book.taker()
    for count, restart in uses:
        take = book.taker() if restart else take
        take(count)
        assert book.used <= book.leased


@pytest.mark.attack(1)
def test_at_the_limit_it_refuses_and_seals_nothing() -> None:
    book = Book(LIMIT - SMALLEST)
    lease = SealLease(book.persist)
    key = DayKey(os.urandom(8), os.urandom(32), today(), 30, lease)
    sealing.seal_many(key, [b""] * SMALLEST, [b""] * SMALLEST)
    with pytest.raises(SealLimit):
        sealing.seal_many(key, [b""], [b""])
    assert book.leased == LIMIT == 2**31


def test_leases_grow_with_use_up_to_their_largest() -> None:
    sizes: list[int] = []
    lease = SealLease(sizes.append)
    for _ in range(4 * LARGEST // SMALLEST):
        lease.take(SMALLEST)
    assert sizes[0] == SMALLEST
    assert sizes == sorted(sizes)
    assert max(sizes) == LARGEST


def test_a_batch_larger_than_a_lease_is_leased_whole() -> None:
    sizes: list[int] = []
    SealLease(sizes.append).take(3 * LARGEST)
    assert sizes == [3 * LARGEST]


def test_threads_share_one_lease_without_losing_count() -> None:
    book = Book()
    lease = SealLease(book.persist)

    def work() -> None:
        for _ in range(2000):
            lease.take(7)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert book.leased - lease._left == 4 * 2000 * 7
