"""How often somebody may try, and how long they wait then. Pure.

What is counted, by keyed digest (OWASP "Slow Down Online Guessing Attacks with Device Cookies"):

- a known device: its own count, and no other. A stranger cannot spend it, so a stranger cannot
  lock anybody out of a browser that they have signed in from before.
- an unknown device: the account together with the address, the account from all unknown
  devices, and the address over all accounts.

A block is a pause that doubles and ends by itself; nothing is ever locked for good (ASVS 6.3.1,
6.1.1). A new password by mail is the way in that no guesser can block.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Bucket(StrEnum):
    """What a count is of."""

    DEVICE = "device"
    ACCOUNT_AND_ADDRESS = "account_and_address"
    ACCOUNT = "account"
    ADDRESS = "address"
    SENDING_TENANT = "sending_tenant"
    RECIPIENT = "recipient"


@dataclass(frozen=True, slots=True)
class Rule:
    """`free` attempts, then pauses from `first` doubling to `longest`; quiet for `forget`: anew."""

    free: int
    first: timedelta
    longest: timedelta
    forget: timedelta


_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
RULES = {
    Bucket.DEVICE: Rule(5, _MINUTE, _HOUR, 24 * _HOUR),
    Bucket.ACCOUNT_AND_ADDRESS: Rule(5, _MINUTE, _HOUR, 24 * _HOUR),
    Bucket.ACCOUNT: Rule(20, _MINUTE, _HOUR, 24 * _HOUR),
    # Offices share an address: many people, each with a typing error.
    Bucket.ADDRESS: Rule(50, _MINUTE, _HOUR, _HOUR),
    # Mails that carry a tenant's words to a stranger: enough for a department on its first day.
    Bucket.SENDING_TENANT: Rule(100, _HOUR, 24 * _HOUR, 24 * _HOUR),
    Bucket.RECIPIENT: Rule(5, 6 * _HOUR, 24 * _HOUR, 24 * _HOUR),
}


@dataclass(frozen=True, slots=True)
class Count:
    """The state of one bucket."""

    attempts: int = 0
    blocked_until: datetime | None = None
    expires_at: datetime | None = None


def wait_of(count: Count, *, now: datetime) -> timedelta:
    """How long this bucket still refuses; zero when it does not."""
    if count.blocked_until is None or count.blocked_until <= now:
        return timedelta()
    return count.blocked_until - now


def counted(count: Count, rule: Rule, *, now: datetime) -> Count:
    """The bucket after one more attempt, which is evaluated; it may be the last for a while."""
    stale = count.expires_at is None or count.expires_at <= now
    attempts = (0 if stale else count.attempts) + 1
    pause = _pause(attempts, rule)
    blocked_until = now + pause if pause else None
    return Count(attempts, blocked_until, now + rule.forget)


def refunded(count: Count, rule: Rule) -> Count:
    """The bucket after its last attempt turned out right: as if it had not been made."""
    attempts = max(0, count.attempts - 1)
    blocked_until = count.blocked_until if attempts >= rule.free else None
    return replace(count, attempts=attempts, blocked_until=blocked_until)


def _pause(attempts: int, rule: Rule) -> timedelta:
    over = attempts - rule.free
    if over < 0:
        return timedelta()
    doubled: timedelta = rule.first * 2 ** min(over, 16)
    return min(doubled, rule.longest)
