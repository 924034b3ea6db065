"""Signing in: password, second factor, sessions, limits."""

import statistics
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import text

from privacy.core import clock
from privacy.core.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    SiltaError,
    TooManyRequests,
    Unauthenticated,
)
from privacy.profiles.load import load_profiles
from tenants.permissions import Permission, Role, allows
from tenants.principals import Principal, Stage
from tenants.recovery_codes.replace import codes_left
from tenants.sessions.end import end_session, end_sessions_of, sweep_sessions
from tenants.sessions.list import own_sessions
from tenants.sign_in.again import reauthenticate
from tenants.sign_in.principals import principal_of, switch_tenant
from tenants.sign_in.visitors import SignedIn
from tenants.sign_in.with_code import show_second_factor
from tenants.sign_in.with_password import sign_in
from tenants.tenants.change import require_second_factor, set_tenant_state
from tenants.totp.activate import Activated, activate_second_factor
from tenants.totp.codes import authenticator_time
from tenants.totp.drop import drop_second_factor
from tenants.totp.enrol import begin_enrolment, confirm_enrolment
from tenants.totp.reset import reset_second_factor
from tests.database.tenants.conftest import PASSWORD, House, visitor


@pytest.fixture(autouse=True)
def one_moment(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Authenticators stand still, so that no test meets the turn of a 30-second step."""
    if "development_clock" in request.node.name:
        return
    moment = authenticator_time()
    for place in ("tenants.totp.consume", "tenants.totp.enrol", __name__):
        monkeypatch.setattr(f"{place}.authenticator_time", lambda: moment)


def enter(house: House, name: str = "alice", **more: str) -> SignedIn:
    return sign_in(
        house.desk, email=f"{name}@example.com", password=PASSWORD, visitor=visitor(**more)
    )


def who(house: House, token: str) -> Principal | None:
    found = principal_of(house.desk, token=token)
    return found[0] if found else None


def enrol(house: House, token: str, *, drift: int = -1) -> tuple[Activated, pyotp.TOTP]:
    """Enrol with the code of the step before, so that the present one is still unused."""
    principal = who(house, token)
    assert principal is not None
    assert principal.id is not None
    with house.desk.installation(principal.actor) as work:
        enrolment = begin_enrolment(house.desk.ring, work, user_id=principal.id)
    totp = pyotp.TOTP(enrolment.secret)
    code = totp.at(authenticator_time() + timedelta(seconds=30 * drift))
    return activate_second_factor(house.desk, token=token, code=code), totp


def in_parallel(times: int, act: Callable[[], object]) -> list[object]:
    """What each of `times` threads got, all set off together; errors as their codes."""
    barrier = threading.Barrier(times)

    def run(_: int) -> object:
        barrier.wait()
        try:
            return act()
        except SiltaError as error:
            return error.code

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


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


@pytest.mark.attack(25)
def test_two_hundred_guesses_in_parallel_get_no_more_answers_than_the_limit(house: House) -> None:
    evaluated = []

    class Spy:
        def verify(self, encoded: str | None, password: str) -> object:
            evaluated.append(password)
            return house.desk.hashing.verify(encoded, password)

    desk = replace(house.desk, hashing=Spy())  # type: ignore[arg-type]

    def guess() -> object:
        return sign_in(desk, email="alice@example.com", password="guess", visitor=visitor())

    codes = [code for _ in range(25) for code in in_parallel(8, guess)]
    assert len(evaluated) == 5
    assert codes.count("wrong_credentials") == 5
    assert codes.count("too_many_attempts") == 195


@pytest.mark.attack(25)
def test_a_botnet_cannot_lock_a_known_device_out(house: House) -> None:
    device = enter(house).device_token
    for number in range(40):
        with pytest.raises((Unauthenticated, TooManyRequests)):
            sign_in(
                house.desk,
                email="alice@example.com",
                password="guess",
                visitor=visitor(f"203.0.113.{number}"),
            )
    with pytest.raises(TooManyRequests) as refused:
        enter(house, address="192.0.2.99")
    assert 0 < int(str(refused.value.details["retry_after"])) <= 3600
    assert enter(house, address="192.0.2.99", device_token=str(device)).started.token


@pytest.mark.attack(25)
def test_an_unknown_address_is_blocked_like_a_known_one(house: House) -> None:
    def codes(email: str) -> list[str]:
        found = []
        for _ in range(7):
            with pytest.raises(SiltaError) as refused:
                sign_in(house.desk, email=email, password="x", visitor=visitor("198.51.100.9"))
            found.append(refused.value.code)
        return found

    assert codes("alice@example.com") == codes("nobody@example.com")


def test_a_block_ends_by_itself_and_doubles(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def guess() -> str:
        with pytest.raises(SiltaError) as refused:
            sign_in(house.desk, email="alice@example.com", password="x", visitor=visitor())
        return refused.value.code

    assert [guess() for _ in range(6)][-1] == "too_many_attempts"
    monkeypatch.setattr(clock, "_offset", timedelta(seconds=61))
    assert [guess(), guess()] == ["wrong_credentials", "too_many_attempts"]
    monkeypatch.setattr(clock, "_offset", timedelta(seconds=61 + 90))
    assert guess() == "too_many_attempts"
    monkeypatch.setattr(clock, "_offset", timedelta(seconds=61 + 121))
    assert enter(house).started.token


@pytest.mark.attack(44)
def test_right_and_wrong_attempts_in_parallel_do_not_wait_in_a_circle(house: House) -> None:
    addresses = [f"192.0.2.{n}" for n in range(4)] * 6

    def attempt() -> object:
        address = addresses.pop()
        right = len(addresses) % 2
        return sign_in(
            house.desk,
            email="alice@example.com",
            password=PASSWORD if right else "wrong",
            visitor=visitor(address),
        )

    got = [one for _ in range(3) for one in in_parallel(8, attempt)]
    assert {one for one in got if isinstance(one, str)} <= {
        "wrong_credentials",
        "too_many_attempts",
    }
    assert sum(1 for one in got if isinstance(one, SignedIn)) >= 8


def test_counts_hold_no_address(house: House) -> None:
    enter(house, address="203.0.113.77")
    with house.installation.superuser().connect() as connection:
        rows = connection.execute(text("SELECT key FROM attempt_counts")).scalars().all()
    assert all(b"203.0.113" not in bytes(key) and len(key) == 32 for key in rows)


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


def test_a_wrong_code_confirms_no_enrolment(house: House) -> None:
    with house.desk.installation() as work:
        begin_enrolment(house.desk.ring, work, user_id=house.alice)
    with pytest.raises(Invalid), house.desk.installation() as work:
        confirm_enrolment(house.desk.ring, work, user_id=house.alice, code="000000")
    assert not enter(house).started.owes_second_factor


def test_an_enrolment_is_confirmed_once(house: House) -> None:
    token = enter(house).started.token
    activated, totp = enrol(house, token)
    with pytest.raises(Conflict):
        activate_second_factor(
            house.desk, token=activated.started.token, code=totp.at(authenticator_time())
        )


def test_enrolling_signs_other_sessions_out(house: House) -> None:
    elsewhere, here = enter(house).started.token, enter(house).started.token
    activated, _ = enrol(house, here)
    assert who(house, elsewhere) is None
    assert who(house, here) is None
    principal = who(house, activated.started.token)
    assert principal is not None
    assert principal.stage is Stage.FULL


def test_a_tenant_that_requires_a_second_factor_lets_nobody_past_the_set_up(house: House) -> None:
    token = enter(house, "bob").started.token
    with house.desk.tenant(house.tenant) as work:
        require_second_factor(work, required=True)
    principal = who(house, token)
    assert principal is not None
    assert principal.stage is Stage.ENROL
    assert allows(principal, Permission.SECOND_FACTOR_OWN)
    assert not allows(principal, Permission.CALLS_SEARCH)
    activated, _ = enrol(house, token)
    principal = who(house, activated.started.token)
    assert principal is not None
    assert principal.stage is Stage.FULL
    with pytest.raises(Conflict):
        drop_second_factor(house.desk, principal=principal)


@pytest.mark.promise("F3")
def test_a_profile_that_requires_a_second_factor_cannot_be_overruled(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = enter(house).started.token
    strict = {"T": load_profiles()["T"].model_copy(update={"mfa": "mandatory"})}
    monkeypatch.setattr("tenants.tenants.second_factors.load_profiles", lambda: strict)
    principal = who(house, token)
    assert principal is not None
    assert principal.stage is Stage.ENROL
    with pytest.raises(Conflict), house.desk.tenant(house.tenant) as work:
        require_second_factor(work, required=False)


def test_a_second_factor_can_be_given_up_where_it_is_optional(house: House) -> None:
    activated, _ = enrol(house, enter(house).started.token)
    principal = who(house, activated.started.token)
    assert principal is not None
    drop_second_factor(house.desk, principal=principal)
    assert not enter(house).started.owes_second_factor
    assert who(house, activated.started.token) is not None


@pytest.mark.attack(29)
def test_what_has_ended_stays_ended(house: House) -> None:
    token = enter(house).started.token
    principal = who(house, token)
    assert principal is not None
    assert principal.session_id is not None
    with house.desk.installation() as work:
        end_session(work, session_id=principal.session_id, user_id=house.alice)
    assert who(house, token) is None
    with pytest.raises(Unauthenticated):
        reauthenticate(house.desk, token=token, password=PASSWORD, visitor=visitor())
    with pytest.raises(Unauthenticated):
        switch_tenant(house.desk, token=token, tenant_id=house.tenant)
    with pytest.raises(NotFound), house.desk.installation() as work:
        end_session(work, session_id=principal.session_id, user_id=house.alice)


@pytest.mark.attack(29)
def test_signing_out_everywhere(house: House) -> None:
    tokens = [enter(house).started.token for _ in range(3)]
    with house.desk.installation() as work:
        assert len(own_sessions(work, user_id=house.alice)) == 3
        assert end_sessions_of(work, user_id=house.alice, because="asked") == 3
    assert [who(house, token) for token in tokens] == [None] * 3


@pytest.mark.attack(34)
def test_nobody_ends_anothers_session(house: House) -> None:
    principal = who(house, enter(house).started.token)
    assert principal is not None
    assert principal.session_id is not None
    with pytest.raises(NotFound), house.desk.installation() as work:
        end_session(work, session_id=principal.session_id, user_id=house.charlie)


@pytest.mark.promise("B1")
def test_a_session_ends_after_thirty_days_and_is_swept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = enter(house).started.token
    for hours in range(0, 30 * 24, 11):
        monkeypatch.setattr(clock, "_offset", timedelta(hours=hours))
        assert who(house, token) is not None
    monkeypatch.setattr(clock, "_offset", timedelta(days=30, minutes=1))
    assert who(house, token) is None
    with house.desk.installation() as work:
        assert sweep_sessions(work) == 1
    assert house.installation.count("sign_in_sessions") == 0


def test_an_idle_session_ends(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    token = enter(house).started.token
    monkeypatch.setattr(clock, "_offset", timedelta(hours=12, minutes=1))
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


def test_identity_is_proved_again_with_both_factors(house: House) -> None:
    activated, totp = enrol(house, enter(house).started.token)
    token = activated.started.token
    for code in (None, "000000"):
        with pytest.raises(Invalid):
            reauthenticate(house.desk, token=token, password=PASSWORD, code=code, visitor=visitor())
    with pytest.raises(Invalid):
        reauthenticate(house.desk, token=token, password="wrong", visitor=visitor())
    code = totp.at(authenticator_time())
    fresh = reauthenticate(house.desk, token=token, password=PASSWORD, code=code, visitor=visitor())
    assert who(house, token) is None
    principal = who(house, fresh.token)
    assert principal is not None
    assert principal.is_fresh(now=clock.now())


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


def test_another_admin_resets_a_lost_second_factor(house: House) -> None:
    activated, _ = enrol(house, enter(house, "bob").started.token)
    reset_second_factor(house.desk, principal=house.principal(house.alice), user_id=house.bob)
    assert who(house, activated.started.token) is None
    assert house.mailbox.mails[-1].to == "bob@example.com"
    assert house.mailbox.mails[-1].notice == "second_factor_reset"
    assert not enter(house, "bob").started.owes_second_factor


@pytest.mark.attack(34)
def test_whose_second_factor_is_out_of_reach(house: House) -> None:
    alice = house.principal(house.alice)
    with pytest.raises(Forbidden):
        reset_second_factor(house.desk, principal=alice, user_id=house.alice)
    with pytest.raises(NotFound):
        reset_second_factor(house.desk, principal=alice, user_id=house.charlie)
    admin = house.principal(house.bob, Role.ADMIN)
    with pytest.raises(Forbidden):
        reset_second_factor(house.desk, principal=admin, user_id=house.alice)
