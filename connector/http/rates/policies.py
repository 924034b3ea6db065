"""Limits by name, each with its reason, and how answers tell of them.

Header fields as in draft-ietf-httpapi-ratelimit-headers-10: `RateLimit-Policy: "key";q=100;w=60`
says what is allowed, `RateLimit: "key";r=99;t=60` what is left.
"""

from dataclasses import dataclass
from typing import Final

from connector.http.rates.counters import Counted, Counter
from privacy.core.errors import TooManyRequests


@dataclass(frozen=True, slots=True)
class Policy:
    """`quota` requests in `window` seconds."""

    name: str
    quota: int
    window: int


KEY: Final = Policy("key", 12_000, 60)
"""One API key: 200 requests a second over a minute. A batch of 1,000 records is one request, so
no honest sender comes near; a runaway script does."""

INTAKE: Final = Policy("account", 30_000, 60)
"""One exchange: 500 calls a second is more than any sends, and less than what would hurt."""

UNKNOWN_SECRET: Final = Policy("unknown", 30, 60)
"""One address trying secret paths. The secrets cannot be guessed; this keeps the noise down."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a caller stands after this request."""

    policy: Policy
    counted: Counted

    @property
    def exceeded(self) -> bool:
        """Whether this request was one too many."""
        return self.counted.count > self.policy.quota

    def headers(self) -> dict[str, str]:
        """The two header fields."""
        policy, counted = self.policy, self.counted
        left = max(0, policy.quota - counted.count)
        return {
            "RateLimit-Policy": f'"{policy.name}";q={policy.quota};w={policy.window}',
            "RateLimit": f'"{policy.name}";r={left};t={counted.seconds_left}',
        }

    def refuse_excess(self) -> None:
        """Raise TooManyRequests when this request was one too many."""
        if self.exceeded:
            raise TooManyRequests(retry_after=self.counted.seconds_left)


def count(counter: Counter, policy: Policy, caller: str) -> Standing:
    """Count one request of `caller` against `policy`."""
    return Standing(policy, counter.hit(f"{policy.name}:{caller}", policy.window))
