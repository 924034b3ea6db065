"""Passwords: which are accepted, and what it costs to try one."""

import statistics
import threading

import pytest

from privacy.core import clock
from privacy.core.errors import Invalid, Unavailable
from tenants.passwords.hashing import Cost, PasswordHashing
from tenants.passwords.rules import check_password, common_words

CHEAP = Cost(passes=1, memory=64)


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "elevenchars",
        "x" * 129,
        "aaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "abcdefghijklmno",
        "98765432109876",
        "password12345",
        "P@ssw0rd2024!!",
        "QwertyUiop1234",
        "Welcome-Welcome-1",
        "Tervetuloa2025!",
        "summer2024winter",
        "iloveyou123456",
        "correcthorsebatterystaple",
        "alice.example.1",
        "Alice-Liddell-99",
        "silta-moontalk-1",
        "Silta12345678",
    ],
)
def test_guessable_passwords_are_refused(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_password(password, email="alice@example.com", name="Alice Liddell")
    assert password not in refused.value.message


@pytest.mark.parametrize(
    "password",
    [
        "kettle rowing vivid plum",
        "Zq8#vT2!mLp4",
        "839201748362",
        "ääkköset ovat hyviä merkkejä",
        "密碼很長而且沒有人會猜到它",
        "sunshine over 7 crooked barns",
        "x7" + "qwlzkvnm pruted" * 8,
    ],
)
def test_long_unlikely_passwords_are_accepted(password: str) -> None:
    check_password(password[:128], email="alice@example.com", name="Alice Liddell")


def test_the_list_that_ships_is_not_empty() -> None:
    assert len(common_words()) > 500


def test_the_same_password_typed_on_another_keyboard_is_right() -> None:
    hashing = PasswordHashing(cost=CHEAP)
    composed, decomposed = "p\u00e4\u00e4salasanani", "pa\u0308a\u0308salasanani"
    assert hashing.verify(hashing.hash(composed), decomposed).right


def test_a_wrong_password_is_wrong() -> None:
    hashing = PasswordHashing(cost=CHEAP)
    assert not hashing.verify(hashing.hash("one"), "two").right


def test_a_damaged_hash_opens_to_nobody() -> None:
    assert not PasswordHashing(cost=CHEAP).verify("$argon2id$broken", "any").right


def test_a_hash_of_an_older_cost_is_reported() -> None:
    old = PasswordHashing(cost=CHEAP).hash("some password")
    verdict = PasswordHashing(cost=Cost(passes=2, memory=128)).verify(old, "some password")
    assert verdict.right
    assert verdict.outdated


@pytest.mark.attack(26)
def test_a_stranger_is_refused_as_slowly_as_a_user() -> None:
    hashing = PasswordHashing(cost=Cost(passes=1, memory=8 * 1024))
    known = hashing.hash("the right password")

    def seconds(encoded: str | None) -> float:
        start = clock.monotonic()
        assert not hashing.verify(encoded, "a wrong password").right
        return clock.monotonic() - start

    # In turn, so that whatever else this machine does meanwhile slows both.
    taken = [(seconds(known), seconds(None)) for _ in range(40)]
    user, stranger = (statistics.median(each) for each in zip(*taken, strict=True))
    assert abs(user - stranger) / user < 0.35


def test_no_password_opens_the_account_of_a_stranger() -> None:
    assert not PasswordHashing(cost=CHEAP).verify(None, "").right


@pytest.mark.attack(27)
def test_no_more_hashes_at_once_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    hashing = PasswordHashing(at_once=1, wait_seconds=0.05, cost=CHEAP)
    started, release = threading.Event(), threading.Event()

    def slow(encoded: str, password: str) -> bool:
        started.set()
        return release.wait(5)

    monkeypatch.setattr(hashing, "_matches", slow)
    first = threading.Thread(target=hashing.verify, args=(None, "x"))
    first.start()
    assert started.wait(5)
    with pytest.raises(Unavailable) as refused:
        hashing.hash("another")
    release.set()
    first.join()
    assert refused.value.details["retry_after"] == 2
    assert hashing.hash("afterwards there is room again")


@pytest.mark.attack(27)
def test_a_flood_is_turned_away_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    hashing = PasswordHashing(at_once=1, waiting=1, wait_seconds=5, cost=CHEAP)
    started, release = threading.Event(), threading.Event()

    def slow(encoded: str, password: str) -> bool:
        started.set()
        return release.wait(5)

    monkeypatch.setattr(hashing, "_matches", slow)
    threads = [threading.Thread(target=hashing.verify, args=(None, "x")) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert started.wait(5)
    while hashing._places._value:
        started.wait(0.01)
    begun, refused = clock.monotonic(), 0
    for _ in range(98):
        with pytest.raises(Unavailable):
            hashing.verify(None, "x")
        refused += 1
    assert refused == 98
    assert clock.monotonic() - begun < 1
    release.set()
    for thread in threads:
        thread.join()
