"""ATTACK 44: random histories of one job, told by relays, runners, sweepers and people at once.

Whatever happens in whatever order: one run at most holds the job, what an older run says counts
for nothing, and what is done is never done again.
"""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from privacy.core.db.work import SYSTEM, unit_of_work
from privacy.core.errors import NotFound
from privacy.core.outbox.jobs import retry_dead
from privacy.core.outbox.leases import Lease, finish, give_up, keep_lease, take_lease, try_later
from privacy.core.outbox.rings import find_unheard, let_ring_again, ring_due
from privacy.core.outbox.sweeps import bury, reclaim
from tests.installations import Installation
from tests.jobs.samples import TENANT, add_job, change, row

pytestmark = pytest.mark.attack(44)

MOST = 4
LASTS = timedelta(seconds=30)
AT_ONCE = timedelta()


class History:
    """One job, everybody who ever held it, and what must stay true."""

    def __init__(self, installation: Installation, dice: random.Random) -> None:
        self.installation = installation
        self.dice = dice
        self.job_id = add_job(installation)
        self.leases: list[Lease] = []
        self.finished = 0
        self.told: list[str] = []

    def step(self) -> None:
        """Let somebody do something, with whatever they hold: old leases, old attempts."""
        acts = (self.ring, self.take, self.take, self.end, self.end, self.lapse, self.sweep)
        act: Callable[[], None] = self.dice.choice((*acts, self.flush, self.revive))
        self.told.append(act.__name__)
        act()
        self.check()

    def ring(self) -> None:
        with self.relay() as connection:
            ring_due(connection, push=lambda _: None, limit=10)

    def take(self) -> None:
        attempt = self.dice.randrange(MOST)
        before = self.state()
        with self.relay() as connection:
            lease = take_lease(connection, job_id=self.job_id, attempt=attempt, lasts=LASTS)
        if lease is not None:
            assert before in ("waiting", "rung"), self.told
            self.leases.append(lease)

    def end(self) -> None:
        if not self.leases:
            return
        lease = self.dice.choice(self.leases)
        current = row(self.installation, self.job_id)["lease_token"] == lease.token
        with self.relay() as connection:
            kind = self.dice.randrange(4)
            if kind == 0:
                done = finish(connection, lease=lease)
                self.finished += done
            elif kind == 1:
                done = try_later(connection, lease=lease, code="x", delay=AT_ONCE)
            elif kind == 2:
                done = give_up(connection, lease=lease, code="x")
            else:
                done = keep_lease(connection, lease=lease, lasts=LASTS)
        assert done == current, self.told

    def lapse(self) -> None:
        change(self.installation, self.job_id, "lease_until = lease_until - interval '1 h'")

    def sweep(self) -> None:
        with self.relay() as connection:
            dead = reclaim(connection, attempts=lambda _: MOST)
        for lapse in dead:
            engine = self.installation.engines.app
            with unit_of_work(engine, tenant_id=TENANT, actor=SYSTEM) as work:
                assert bury(work.connection, lapse), self.told

    def flush(self) -> None:
        with self.relay() as connection:
            unheard = find_unheard(connection, after=AT_ONCE)
            let_ring_again(connection, jobs=[ring.job_id for ring in unheard])

    def revive(self) -> None:
        engine = self.installation.engines.app
        dead = self.state() == "dead"
        try:
            with unit_of_work(engine, tenant_id=TENANT, actor=SYSTEM) as work:
                retry_dead(work, job_id=self.job_id)
        except NotFound:
            assert not dead, self.told
        else:
            assert dead, self.told

    def check(self) -> None:
        found = row(self.installation, self.job_id)
        held = found["lease_token"] is not None
        assert held == (found["state"] == "running"), self.told
        assert self.finished <= 1, self.told
        assert (found["state"] == "done") == (self.finished == 1), self.told
        assert (found["finished_at"] is not None) == (found["state"] in ("done", "dead")), self.told

    def state(self) -> str:
        return str(row(self.installation, self.job_id)["state"])

    def relay(self) -> AbstractContextManager[Connection]:
        return self.installation.engines.relay.begin()


def test_random_histories_keep_their_promises(installation: Installation) -> None:
    for seed in range(12):
        history = History(installation, random.Random(seed))
        for _ in range(40):
            history.step()
