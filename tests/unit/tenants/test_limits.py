"""The arithmetic of counted attempts, and the networks of keys."""

from datetime import UTC, datetime, timedelta

import pytest

from privacy.core.errors import Invalid
from tenants.api_keys.networks import checked_networks, is_within
from tenants.limits.keys import Attempt, Trial, keys_of, network_of
from tenants.limits.rules import RULES, Bucket, Count, counted, refunded, wait_of

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
RULE = RULES[Bucket.ACCOUNT_AND_ADDRESS]


def after(attempts: int) -> Count:
    count = Count()
    for _ in range(attempts):
        count = counted(count, RULE, now=NOON)
    return count


@pytest.mark.attack(25)
@pytest.mark.parametrize(
    ("attempts", "minutes"), [(4, 0), (5, 1), (6, 2), (7, 4), (10, 32), (11, 60), (500, 60)]
)
def test_pauses_double_up_to_an_hour(attempts: int, minutes: int) -> None:
    assert wait_of(after(attempts), now=NOON) == timedelta(minutes=minutes)


def test_a_pause_ends_by_itself() -> None:
    blocked = after(5)
    assert wait_of(blocked, now=NOON + timedelta(minutes=1)) == timedelta()


def test_a_quiet_day_forgets() -> None:
    later = counted(after(9), RULE, now=NOON + RULE.forget)
    assert later.attempts == 1


def test_a_right_attempt_is_given_back() -> None:
    assert refunded(after(5), RULE) == Count(4, None, NOON + RULE.forget)
    assert refunded(Count(), RULE).attempts == 0
    assert refunded(after(7), RULE).blocked_until is not None


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", "unknown"),
    ],
)
def test_one_customer_is_one_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_known_device_shares_no_count_with_strangers() -> None:
    def digest(message: bytes) -> bytes:
        return message

    stranger = keys_of(Attempt(Trial.PASSWORD, b"alice", "192.0.2.7"), digest)
    known = keys_of(Attempt(Trial.PASSWORD, b"alice", "192.0.2.7", b"device"), digest)
    code = keys_of(Attempt(Trial.CODE, b"alice", "192.0.2.7"), digest)
    assert set(stranger.values()) == {
        Bucket.ACCOUNT_AND_ADDRESS,
        Bucket.ACCOUNT,
        Bucket.ADDRESS,
    }
    assert list(known.values()) == [Bucket.DEVICE]
    assert not set(stranger) & set(known)
    assert not set(stranger) & set(code)


def test_networks_are_kept_in_one_spelling() -> None:
    assert checked_networks([" 192.0.2.7/24 ", "192.0.2.0/24", "2001:DB8::1", ""]) == [
        "192.0.2.0/24",
        "2001:db8::1/128",
    ]
    with pytest.raises(Invalid):
        checked_networks(["192.0.2.0/33"])
    with pytest.raises(Invalid):
        checked_networks([f"192.0.2.{n}" for n in range(21)])


def test_no_networks_mean_everywhere() -> None:
    assert is_within("anything", [])
    assert not is_within("anything", ["192.0.2.0/24"])
