"""Sends what an exchange says, with its habits: what it repeats, and for how long it waits."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from time import sleep
from typing import Final

from connector.outbound.client import Limits, Outbound
from connector.outbound.failures import Failure
from connector.outbound.recipients import Recipient, Recipients
from connector.simulators.exchanges.posts import Post

PATIENT: Final = Limits(connect_seconds=5, idle_seconds=10, total_seconds=10)
IN_A_HURRY: Final = Limits(connect_seconds=0.5, idle_seconds=0.5, total_seconds=0.5)
"""Kamailio's HTTP client gives up after 500 ms."""


@dataclass(slots=True)
class Sender:
    """To one address. `tries`: with the first one. `counts`: answers by their status.

    Redirects are not followed; everything from 200 to 299 is success, as with the real ones.
    """

    url: str
    tries: int = 1
    limits: Limits = PATIENT
    delay: float = 1.0
    pause: Callable[[float], None] = sleep
    counts: Counter[str] = field(default_factory=Counter)
    taken: int = 0
    """Posts that were taken in the end."""

    def __post_init__(self) -> None:
        recipient = Recipient.of(self.url)
        self._outbound = Outbound(Recipients([recipient]), loopback=True, limits=self.limits)

    _outbound: Outbound = field(init=False, repr=False)

    def send(self, post: Post) -> bool:
        """Until it is taken, or given up; True for taken."""
        for attempt in range(self.tries):
            if attempt:
                self.pause(self.delay)
            if self._once(post):
                self.taken += 1
                return True
        self.counts["given up"] += 1
        return False

    def _once(self, post: Post) -> bool:
        headers = {"Content-Type": post.content_type, **post.headers}
        try:
            answer = self._outbound.send(
                post.method, self.url + post.query, headers=headers, body=post.body
            )
        except Failure as failure:
            self.counts[failure.code] += 1
            return False
        self.counts[str(answer.status)] += 1
        return 200 <= answer.status < 300
