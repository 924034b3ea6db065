"""A closed key that goes on sending fills no ledger (ATTACKS 27, 31)."""

import pytest
from sqlalchemy import text

from privacy.core.errors import Unauthenticated
from privacy.core.ids import new_id
from tenants.api_keys.authenticate import authenticate_key
from tenants.api_keys.create import create_api_key
from tenants.api_keys.refusals import MINUTE, Saids
from tenants.api_keys.revoke import revoke_api_key
from tenants.permissions import Permission
from tests.database.tenants.conftest import House


@pytest.mark.attack(31)
def test_a_refused_key_is_in_the_ledger_once_a_minute(house: House) -> None:
    with house.desk.tenant(house.tenant, house.principal(house.alice).actor) as work:
        key = create_api_key(
            house.desk.ring, work, name="Exchange", scopes=[Permission.CALLS_WRITE]
        )
        revoke_api_key(work, key_id=key.id)
    for _ in range(20):
        with pytest.raises(Unauthenticated, match="does not work"):
            authenticate_key(house.desk.engine, raw=key.text, address="192.0.2.1")
    counting = text("SELECT count(*) FROM ledger_events WHERE subject = :id AND event = :event")
    with house.installation.superuser().connect() as connection:
        found = connection.execute(
            counting, {"id": str(key.id), "event": "api:api_key:refused"}
        ).scalar_one()
    assert found == 1


def test_each_key_and_code_is_new_again_after_a_minute() -> None:
    now = [0.0]
    saids, one, other = Saids(lambda: now[0]), new_id(), new_id()
    assert [saids.is_new(one, "a"), saids.is_new(one, "b"), saids.is_new(other, "a")] == [True] * 3
    now[0] = MINUTE - 1
    assert not saids.is_new(one, "a")
    now[0] = MINUTE
    assert saids.is_new(one, "a")
