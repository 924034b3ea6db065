"""Limits of signing in: guesses get no further, and nobody is locked out by others."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from privacy.core import clock
from privacy.core.errors import SiltaError, TooManyRequests, Unauthenticated
from tenants.sign_in.visitors import SignedIn
from tenants.sign_in.with_password import sign_in
from tests.database.tenants.conftest import PASSWORD, House, visitor
from tests.database.tenants.sign_ins import enter, in_parallel

pytestmark = pytest.mark.usefixtures("one_moment")


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
