"""Signing in: the password, whom it lets in, and where to."""

import statistics
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from privacy.core import clock
from privacy.core.errors import NotFound, Unauthenticated
from tenants.permissions import Permission, allows
from tenants.principals import Stage
from tenants.sign_in.principals import switch_tenant
from tenants.sign_in.with_code import show_second_factor
from tenants.sign_in.with_password import sign_in
from tenants.tenants.change import set_tenant_state
from tenants.totp.codes import authenticator_time
from tests.database.tenants.conftest import PASSWORD, House, visitor
from tests.database.tenants.sign_ins import enrol, enter, who

pytestmark = pytest.mark.usefixtures("one_moment")


def test_the_right_password_begins_a_session(house: House) -> None:
    signed_in = enter(house)
    principal = who(house, signed_in.started.token)
    assert principal is not None
    assert (principal.id, principal.tenant_id) == (house.alice, house.tenant)
    assert (principal.role, principal.stage) == ("owner", Stage.FULL)
    assert allows(principal, Permission.CALLS_SEARCH)
    assert signed_in.device_token is not None


def test_the_address_is_found_in_any_spelling(house: House) -> None:
    found = sign_in(house.desk, email=" ALICE@Example.com ", password=PASSWORD, visitor=visitor())
    assert found.started.user_id == house.alice


@pytest.mark.attack(26)
@pytest.mark.parametrize("email", ["alice@example.com", "nobody@example.com", "", "x" * 5000])
def test_wrong_password_and_unknown_address_are_refused_alike(house: House, email: str) -> None:
    with pytest.raises(Unauthenticated) as refused:
        sign_in(house.desk, email=email, password="wrong" * 500, visitor=visitor())
    assert refused.value.code == "wrong_credentials"


@pytest.mark.attack(26)
def test_unknown_address_takes_as_long(house: House) -> None:
    def seconds(email: str, number: int) -> float:
        start = clock.monotonic()
        with pytest.raises(Unauthenticated):
            sign_in(
                house.desk, email=email, password="wrong", visitor=visitor(f"198.51.100.{number}")
            )
        return clock.monotonic() - start

    known, unknown = [], []
    for number in range(18):
        known.append(seconds("alice@example.com", number))
        unknown.append(seconds("nobody@example.com", number))
    ratio = statistics.median(known) / statistics.median(unknown)
    assert 0.7 < ratio < 1.4


def test_a_disabled_user_is_refused_like_a_stranger(house: House) -> None:
    token = enter(house).started.token
    with house.installation.superuser().begin() as connection:
        connection.execute(text("UPDATE users SET state = 'disabled'"))
    with pytest.raises(Unauthenticated, match="wrong"):
        enter(house)
    assert who(house, token) is None


def test_a_half_finished_sign_in_ends_in_ten_minutes(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, totp = enrol(house, enter(house).started.token)
    half = enter(house).started.token
    monkeypatch.setattr(clock, "_offset", timedelta(minutes=11))
    with pytest.raises(Unauthenticated):
        show_second_factor(
            house.desk, token=half, code=totp.at(authenticator_time()), visitor=visitor()
        )


@pytest.mark.attack(34)
def test_nobody_switches_to_a_tenant_of_others(house: House) -> None:
    token = enter(house).started.token
    with pytest.raises(NotFound):
        switch_tenant(house.desk, token=token, tenant_id=house.other)
    assert who(house, token) is not None


def test_a_suspended_tenant_lets_nobody_in(house: House) -> None:
    token = enter(house).started.token
    operator = replace(house.principal(house.alice), tenant_id=house.other, role="operator")
    set_tenant_state(house.desk, principal=operator, tenant_id=house.tenant, state="suspended")
    principal = who(house, token)
    assert principal is not None
    assert principal.role is None
    assert not allows(principal, Permission.CALLS_SEARCH)
    set_tenant_state(house.desk, principal=operator, tenant_id=house.tenant, state="active")
    restored = who(house, token)
    assert restored is not None
    assert restored.role == "owner"
