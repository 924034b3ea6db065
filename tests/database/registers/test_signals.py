"""Global Privacy Control counts as an objection where there is anything to object to (C6)."""

import pytest

from privacy.identities.people import Person
from privacy.objections.find import list_objections
from privacy.objections.signals import honour_signal, is_refusal
from privacy.profiles.parts import Objection
from tests.database.registers.people import ADDRESS
from tests.tenancies import House

ROBIN = Person(email=ADDRESS)


@pytest.mark.promise("C6")
@pytest.mark.promise("C10")
def test_the_signal_is_an_objection_once_and_only_where_there_is_marketing(house: House) -> None:
    tenant = house.alice
    with tenant.work() as work:
        assert not honour_signal(work, tenant.vault, person=ROBIN, services=("C",))
        assert list_objections(work, tenant.vault) == []
        assert honour_signal(work, tenant.vault, person=ROBIN, services=("V",))
        assert not honour_signal(work, tenant.vault, person=ROBIN, services=("V",))
        (entry,) = list_objections(work, tenant.vault)
    assert entry.objection is Objection.DIRECT_MARKETING


def test_only_the_one_value_is_the_signal() -> None:
    said = [is_refusal(value) for value in ("1", " 1 ", "0", "true", "", None, "1, 1")]
    assert said == [True, True, False, False, False, False, False]
