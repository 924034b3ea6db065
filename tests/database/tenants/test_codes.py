"""Codes of the second factor: each works once, for whom it was made."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from privacy.core import clock
from privacy.core.errors import Invalid, SiltaError, Unauthenticated
from tenants.permissions import Permission, allows
from tenants.principals import Stage
from tenants.recovery_codes.replace import codes_left
from tenants.sign_in.principals import switch_tenant
from tenants.sign_in.with_code import show_second_factor
from tenants.totp.activate import activate_second_factor
from tenants.totp.codes import authenticator_time
from tests.database.tenants.conftest import House, visitor
from tests.database.tenants.sign_ins import enrol, enter, in_parallel, who

pytestmark = pytest.mark.usefixtures("one_moment")


@pytest.mark.attack(30)
def test_a_password_alone_opens_nothing_once_there_is_a_second_factor(house: House) -> None:
    enrol(house, enter(house).started.token)
    half = enter(house)
    principal = who(house, half.started.token)
    assert half.started.owes_second_factor
    assert half.device_token is None
    assert principal is not None
    assert principal.stage is Stage.PASSWORD
    assert not any(allows(principal, permission) for permission in Permission)
    with pytest.raises(Unauthenticated):
        switch_tenant(house.desk, token=half.started.token, tenant_id=house.tenant)
    with pytest.raises(Unauthenticated):
        activate_second_factor(house.desk, token=half.started.token, code="000000")


@pytest.mark.attack(28)
def test_the_step_up_changes_the_token(house: House) -> None:
    _, totp = enrol(house, enter(house).started.token)
    half = enter(house).started.token
    full = show_second_factor(
        house.desk, token=half, code=totp.at(authenticator_time()), visitor=visitor()
    )
    assert who(house, half) is None
    principal = who(house, full.started.token)
    assert principal is not None
    assert (principal.stage, principal.second_factor) == (Stage.FULL, True)


@pytest.mark.attack(19)
def test_a_code_works_once_even_in_parallel(house: House) -> None:
    _, totp = enrol(house, enter(house).started.token)
    halves = [enter(house, address=f"192.0.2.{n}").started.token for n in range(6)]
    code, waiting = totp.at(authenticator_time()), list(halves)

    def use() -> object:
        return show_second_factor(
            house.desk, token=waiting.pop(), code=code, visitor=visitor()
        ).started

    got = in_parallel(4, use)
    assert sum(1 for one in got if not isinstance(one, str)) == 1
    assert "wrong_code" in got
    with pytest.raises(Invalid):
        show_second_factor(house.desk, token=halves[0], code=code, visitor=visitor("192.0.2.80"))


@pytest.mark.attack(20)
def test_the_code_of_the_enrolment_is_used_up(house: House) -> None:
    activated, totp = enrol(house, enter(house).started.token, drift=0)
    half = enter(house).started.token
    with pytest.raises(Invalid):
        show_second_factor(
            house.desk, token=half, code=totp.at(authenticator_time()), visitor=visitor()
        )
    assert activated.recovery_codes


@pytest.mark.attack(22)
def test_an_older_step_than_the_last_is_refused(house: House) -> None:
    _, totp = enrol(house, enter(house).started.token)
    with house.installation.superuser().begin() as connection:
        connection.execute(text("UPDATE users SET totp_last_step = totp_last_step + 100"))
    half = enter(house).started.token
    with pytest.raises(Invalid):
        show_second_factor(
            house.desk,
            token=half,
            code=totp.at(authenticator_time() + timedelta(seconds=30)),
            visitor=visitor(),
        )


@pytest.mark.attack(25)
def test_codes_cannot_be_guessed_through(house: House) -> None:
    enrol(house, enter(house).started.token)
    half = enter(house).started.token

    def guess(code: str) -> str:
        with pytest.raises(SiltaError) as refused:
            show_second_factor(house.desk, token=half, code=code, visitor=visitor())
        return refused.value.code

    codes = [guess(f"{n:06}") for n in range(30)]
    assert codes.count("wrong_code") == 5
    assert set(codes[5:]) == {"too_many_attempts"}


@pytest.mark.attack(24)
def test_a_recovery_code_works_once_even_in_parallel(house: House) -> None:
    activated, _ = enrol(house, enter(house).started.token)
    halves = [enter(house, address=f"192.0.2.{n}").started.token for n in range(4)]
    code = activated.recovery_codes[3].lower().replace("-", " ")

    def use() -> object:
        return show_second_factor(
            house.desk, token=halves.pop(), code=code, visitor=visitor()
        ).started

    got = in_parallel(4, use)
    assert sum(1 for one in got if not isinstance(one, str)) == 1
    with house.desk.installation() as work:
        assert codes_left(work, user_id=house.alice) == 9


@pytest.mark.attack(24)
def test_no_recovery_code_can_be_read_from_the_table(house: House) -> None:
    activated, _ = enrol(house, enter(house).started.token)
    with house.installation.superuser().connect() as connection:
        rows = connection.execute(text("SELECT digest FROM recovery_codes")).scalars().all()
    dump = b"".join(bytes(row) for row in rows)
    assert len(rows) == 10
    for code in activated.recovery_codes:
        assert code.encode() not in dump
        assert code.replace("-", "").encode() not in dump


def test_codes_of_telephones_work_under_a_development_clock(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, totp = enrol(house, enter(house).started.token)
    monkeypatch.setattr(clock, "_offset", timedelta(hours=5, seconds=17))
    half = enter(house).started.token
    full = show_second_factor(
        house.desk, token=half, code=totp.at(authenticator_time()), visitor=visitor()
    )
    assert not full.started.owes_second_factor
