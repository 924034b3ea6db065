"""Choices of cookies that came twice: no withdrawal may leave one of them standing."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as Waiting

import pytest

from privacy.consents.choose import choose_cookies
from privacy.consents.purposes import ConsentPurpose
from privacy.consents.shapes import Wording
from privacy.identities.people import Person
from tests.database.registers.people import agree
from tests.tenancies import House

_VISITOR = "dmlzaXRvci1vZi1hLXNpdGUtMDE"


@pytest.mark.promise("D5")
def test_who_withdraws_what_was_sent_twice_at_once_has_agreed_to_nothing(house: House) -> None:
    alice = house.alice
    purpose, person = ConsentPurpose.COOKIES_ANALYTICS, Person(visitor=_VISITOR)
    with alice.work() as work:
        for _ in range(2):
            agree(work, alice, purpose=purpose, person=person)
        ended = [
            choose_cookies(work, alice.vault, service="V", visitor=_VISITOR, agreed={})
            for _ in range(2)
        ]
    assert ended == [(0, 2), (0, 0)]


@pytest.mark.promise("D4")
@pytest.mark.attack(44)
def test_the_same_sent_twice_at_once_is_agreed_to_once(house: House) -> None:
    agreed = {ConsentPurpose.COOKIES_ANALYTICS: Wording("I agree to counting.", "en", "2026-1")}

    def choose() -> tuple[int, int]:
        with house.alice.work() as work:
            return choose_cookies(
                work, house.alice.vault, service="V", visitor=_VISITOR[::-1], agreed=agreed
            )

    with ThreadPoolExecutor(1) as second:
        with house.alice.work() as work:
            first = choose_cookies(
                work, house.alice.vault, service="V", visitor=_VISITOR[::-1], agreed=agreed
            )
            waiting = second.submit(choose)
            with pytest.raises(Waiting):
                waiting.result(timeout=0.2)
        assert (first, waiting.result(timeout=10)) == ((1, 0), (0, 0))
