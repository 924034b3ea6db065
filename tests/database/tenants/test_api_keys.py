"""API keys: made, used, rotated, closed."""

from datetime import timedelta

import pytest
from sqlalchemy import event, text

from privacy.core import clock
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, Invalid, NotFound, Unauthenticated
from tenants.api_keys.authenticate import authenticate_key
from tenants.api_keys.create import CreatedKey, create_api_key
from tenants.api_keys.list import get_key, list_keys
from tenants.api_keys.revoke import revoke_api_key
from tenants.api_keys.rotate import rotate_api_key
from tenants.memberships.remove import remove_member
from tenants.permissions import Permission, allows
from tenants.principals import Mode, PrincipalKind
from tenants.tenants.change import set_tenant_state
from tests.database.tenants.conftest import House

SCOPES = [Permission.CALLS_WRITE, Permission.CALLS_SEARCH]


def made(house: House, **more: object) -> CreatedKey:
    with house.desk.tenant(house.tenant, house.principal(house.alice).actor) as work:
        return create(house, work, **more)


def create(house: House, work: UnitOfWork, **more: object) -> CreatedKey:
    given = {"name": "Exchange", "scopes": SCOPES, **more}
    return create_api_key(house.desk.ring, work, **given)  # type: ignore[arg-type]


def refusal(house: House, raw: str, address: str = "192.0.2.1") -> str:
    with pytest.raises(Unauthenticated) as refused:
        authenticate_key(house.desk.engine, raw=raw, address=address)
    assert refused.value.message == "This API key does not work here."
    return refused.value.code


def test_a_key_opens_its_tenant_with_its_rights(house: House) -> None:
    key = made(house, mode=Mode.TEST)
    principal = authenticate_key(house.desk.engine, raw=key.text, address="192.0.2.1")
    assert principal.kind is PrincipalKind.API_KEY
    assert (principal.id, principal.tenant_id, principal.mode) == (key.id, house.tenant, Mode.TEST)
    assert allows(principal, Permission.CALLS_WRITE)
    assert not allows(principal, Permission.CALLS_READ)


@pytest.mark.attack(31)
def test_the_key_itself_is_nowhere_in_the_database(house: House) -> None:
    key = made(house)
    with house.installation.superuser().connect() as connection:
        dump = str(connection.execute(text("SELECT * FROM api_keys")).all())
        dump += str(connection.execute(text("SELECT * FROM api_key_directory")).all())
        dump += str(connection.execute(text("SELECT * FROM ledger_events")).all())
    assert key.text not in dump
    assert key.text[6:30] not in dump
    assert "Exchange" not in dump


@pytest.mark.attack(31)
def test_a_typing_error_does_not_reach_the_database(house: House) -> None:
    key = made(house).text
    asked: list[str] = []
    event.listen(
        house.desk.engine, "before_cursor_execute", lambda *given: asked.append(str(given[2]))
    )
    assert (
        refusal(house, key[:20] + ("a" if key[20] != "a" else "b") + key[21:]) == "invalid_api_key"
    )
    assert asked == []
    assert refusal(house, "silta_") == "invalid_api_key"


def test_a_key_is_closed_at_once(house: House) -> None:
    key = made(house)
    authenticate_key(house.desk.engine, raw=key.text, address="192.0.2.1")
    with house.desk.tenant(house.tenant) as work:
        revoke_api_key(work, key_id=key.id)
    assert refusal(house, key.text) == "api_key_revoked"


def test_an_expired_key_is_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    key = made(house, expires_at=clock.now() + timedelta(hours=1))
    authenticate_key(house.desk.engine, raw=key.text, address="192.0.2.1")
    monkeypatch.setattr(clock, "_offset", timedelta(hours=2))
    assert refusal(house, key.text) == "api_key_expired"


def test_a_key_works_from_its_networks_only(house: House) -> None:
    key = made(house, networks=["192.0.2.0/28", "2001:db8::/32"])
    for address in ("192.0.2.3", "::ffff:192.0.2.3", "2001:db8::7"):
        assert authenticate_key(house.desk.engine, raw=key.text, address=address) is not None
    for address in ("192.0.2.77", "2001:db9::1", "", "unix"):
        assert refusal(house, key.text, address) == "api_key_network"


def test_rotation_overlaps_for_as_long_as_asked(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = made(house)
    with house.desk.tenant(house.tenant) as work:
        new = rotate_api_key(house.desk.ring, work, key_id=old.id, overlap=timedelta(hours=24))
    for key in (old, new):
        assert authenticate_key(house.desk.engine, raw=key.text, address="192.0.2.1") is not None
    with pytest.raises(Conflict), house.desk.tenant(house.tenant) as work:
        rotate_api_key(house.desk.ring, work, key_id=old.id, overlap=timedelta())
    monkeypatch.setattr(clock, "_offset", timedelta(hours=25))
    assert refusal(house, old.text) == "api_key_replaced"
    assert authenticate_key(house.desk.engine, raw=new.text, address="192.0.2.1") is not None
    with house.desk.tenant(house.tenant) as work:
        states = {key.id: (key.name, key.state) for key in list_keys(house.desk.ring, work)}
    assert states == {old.id: ("Exchange", "replaced"), new.id: ("Exchange", "active")}


def test_last_use_is_noted_once_a_minute_and_waits_for_nobody(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = made(house)

    def last_used() -> object:
        with house.desk.tenant(house.tenant) as work:
            return get_key(work, key_id=key.id).last_used_at

    with house.desk.tenant(house.tenant) as work:
        work.connection.execute(text("SELECT 1 FROM api_keys FOR UPDATE"))
        authenticate_key(house.desk.engine, raw=key.text, address="192.0.2.1")
    assert last_used() is None
    authenticate_key(house.desk.engine, raw=key.text, address="192.0.2.1")
    first = last_used()
    assert first is not None
    authenticate_key(house.desk.engine, raw=key.text, address="192.0.2.1")
    assert last_used() == first
    monkeypatch.setattr(clock, "_offset", timedelta(seconds=90))
    authenticate_key(house.desk.engine, raw=key.text, address="192.0.2.1")
    assert last_used() != first


def test_keys_of_a_suspended_tenant_are_refused(house: House) -> None:
    key = made(house)
    operator = house.principal(house.charlie, tenant=house.other)
    set_tenant_state(house.desk, principal=operator, tenant_id=house.tenant, state="suspended")
    assert refusal(house, key.text) == "tenant_inactive"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"scopes": []},
        {"scopes": [Permission.PEOPLE_WRITE]},
        {"networks": ["example.com"]},
        {"expires_at": clock.now() - timedelta(days=1)},
    ],
)
def test_what_makes_no_key(house: House, wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        made(house, **wrong)


@pytest.mark.attack(34)
def test_another_tenants_key_is_not_there(house: House) -> None:
    key = made(house)
    for act in (
        lambda work: get_key(work, key_id=key.id),
        lambda work: revoke_api_key(work, key_id=key.id),
        lambda work: rotate_api_key(house.desk.ring, work, key_id=key.id, overlap=timedelta()),
    ):
        with pytest.raises(NotFound), house.desk.tenant(house.other) as work:
            act(work)
    with house.desk.tenant(house.other) as work:
        assert list_keys(house.desk.ring, work) == []


def test_a_key_that_goes_with_its_maker_says_so_in_the_ledger(house: House) -> None:
    with house.desk.tenant(house.tenant, house.principal(house.bob).actor) as work:
        key = create(house, work)
    alice = house.principal(house.alice)
    assert remove_member(house.desk, principal=alice, user_id=house.bob, close_keys=True) == 0
    assert refusal(house, key.text) == "api_key_revoked"
    with house.installation.superuser().connect() as connection:
        facts = connection.execute(
            text("SELECT facts FROM ledger_events WHERE event = 'console:api_key:revoked'")
        ).scalar_one()
    assert facts == {"because": "membership_ended"}
