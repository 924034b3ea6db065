"""Choices of cookies that came twice: no withdrawal may leave one of them standing."""

import pytest

from privacy.consents.choose import choose_cookies
from privacy.consents.purposes import ConsentPurpose
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
