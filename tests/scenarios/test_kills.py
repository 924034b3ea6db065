"""Processes die in the middle of work; nothing that was acknowledged is lost, doubled or closed."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import psutil
import pytest
from redis import Redis

from tests.embedded.programs import gone
from tests.scenarios.consoles import Console, Someone, found_tenant
from tests.scenarios.loads import Load
from tests.scenarios.mailboxes import Mailbox, mailbox
from tests.scenarios.stacks import ROOT, Stack, eventually

pytestmark = pytest.mark.slow

_OPEN_JOBS = (
    "SELECT count(*) FROM outbox_jobs WHERE state NOT IN ('done', 'dead') AND run_at < now()"
)
_DEAD_JOBS = "SELECT count(*) FROM outbox_jobs WHERE state = 'dead'"
_RETENTION = "SELECT state FROM outbox_jobs WHERE name = 'retention.run' ORDER BY created_at DESC"
_RETENTION_RUNS = "SELECT 1 FROM outbox_jobs WHERE name = 'retention.run' AND state = 'running'"
_IN_LEDGER = (
    "SELECT sum((facts->>'accepted')::int) FROM ledger_events WHERE event = 'api:calls:ingested'"
)
_POSTED = (
    "SELECT coalesce((SELECT sum(accepted) FROM post_minutes), 0) + coalesce((SELECT "
    "sum((facts->>'accepted')::int) FROM ledger_events WHERE event = 'provider:calls:posted'), 0)"
)

Victim = Callable[[psutil.Process], psutil.Process] | None


@dataclass
class Town:
    """A stack with a tenant, senders, and people who are invited while things break."""

    stack: Stack
    mailbox: Mailbox
    owner: Someone = field(
        default_factory=lambda: Someone("owner@example.com", "vivid kettle plum rowing")
    )
    invited: list[str] = field(default_factory=list)
    kills: int = 0

    def open(self) -> None:
        """Found the tenant, and connect its systems."""
        self.console = found_tenant(
            self.stack, self.mailbox, self.owner, name="Example Oy", second_factor=False
        )
        account, _ = self.console.connect("api", "Program")
        _, switch = self.console.connect("freeswitch", "Head office")
        self.key = self.console.create_key("Sender")
        self.load = Load(self.stack.site, key=self.key, account=account, switch=switch)

    def invite(self) -> None:
        """Somebody, acknowledged: the mail has to arrive whatever happens now."""
        email = f"guest-{len(self.invited)}@example.com"
        answer = self.console.post("/people/invite", email=email, role="agent")
        assert answer.status_code == 200, answer.text
        self.invited.append(email)

    def kill(self, name: str, victim: Victim = None) -> None:
        """SIGKILL in mid-load, and wait until records are acknowledged again; none is orphaned."""
        self.load.progress(by=30)
        process = self.stack.await_process(name)
        left = process.children(recursive=True)
        (victim(process) if victim else process).kill()
        self.kills += 1
        if victim is None:
            self.stack.await_process(name, other_than=process.pid)
            eventually(lambda: gone(left))
        self.load.progress(by=60)

    def find_all(self) -> dict[str, list[str]]:
        """Every call as the API opens it: callers by source id."""
        found: dict[str, list[str]] = {}
        asked: dict[str, object] = {"limit": 500}
        with httpx.Client(base_url=self.stack.site, timeout=60) as client:
            while True:
                headers = {"Authorization": f"Bearer {self.key}"}
                page = client.post("/api/v1/calls/search", json=asked, headers=headers).json()
                for call in page["calls"]:
                    found.setdefault(call["source_id"], []).append(call["caller"])
                if page["next_cursor"] is None:
                    return found
                asked["cursor"] = page["next_cursor"]


@contextmanager
def _town() -> Iterator[Town]:
    with mailbox() as box:
        stack = Stack(SILTA_SMTP_URL=box.url)
        try:
            stack.start()
            town = Town(stack, box)
            town.open()
            yield town
        finally:
            stack.close()


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    """Everything that can die, dies once while senders send; then all is quiet again."""
    with _town() as town:
        with town.load:
            # First, because a bell that Redis lost rings again only after a while.
            _do_without_redis(town)
            _kill_each(town)
            _kill_every_run(town)
        yield town


def _kill_each(town: Town) -> None:
    town.invite()
    town.kill("worker")
    town.kill("web", victim=lambda parent: parent.children()[-1])
    town.invite()
    town.kill("scheduler")
    town.kill("web")
    town.kill("postgres")
    town.invite()
    town.kill("redis-server")


def _kill_every_run(town: Town) -> None:
    program = [sys.executable, "-m", "tests.scenarios.killed_runs"]
    variables = town.stack.variables()
    done = subprocess.run(program, cwd=ROOT, env=variables, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    town.load.progress(by=60)


def _do_without_redis(town: Town) -> None:
    """Redis stays away for a while; then it is back, and has forgotten everything."""
    stack = town.stack
    stack.hold()
    stack.process("redis-server").kill()
    try:
        town.load.progress(by=60)
        Console(stack.site).sign_in(town.owner)
        town.invite()
        assert town.find_all().keys() >= set(list(town.load.acknowledged)[:100])
    finally:
        stack.resume()
    stack.await_process("redis-server")
    town.load.progress(by=30)
    _forget_everything(stack)
    town.invite()
    _forget_everything(stack)


def _forget_everything(stack: Stack) -> None:
    with Redis.from_url(stack.variables()["SILTA_REDIS_URL"]) as redis:
        for name in redis.scan_iter("*"):
            redis.unlink(name)


@pytest.mark.promise("F10")
def test_every_acknowledged_record_is_there_once_and_opens(town: Town) -> None:
    sent = town.load.acknowledged
    assert town.load.repeats > 0
    assert town.load.refused == []
    found = town.find_all()
    assert found == {source_id: [caller] for source_id, caller in sent.items()}


def test_counts_are_those_of_the_records(town: Town) -> None:
    stack, sent = town.stack, len(town.load.acknowledged)
    assert stack.count("SELECT count(*) FROM calls") == sent
    assert stack.count("SELECT sum(calls) FROM call_tallies") == sent
    assert stack.count("SELECT sum(seconds) FROM call_tallies") == 10 * sent
    assert stack.count("SELECT count(*) FROM call_sources") == town.load.singles
    assert stack.count(_IN_LEDGER) == sent - town.load.singles
    assert stack.count(_POSTED) == town.load.singles


def test_every_acknowledged_job_runs_and_every_mail_arrives(town: Town) -> None:
    eventually(lambda: town.stack.count(_OPEN_JOBS) == 0, seconds=90)
    assert town.stack.count(_DEAD_JOBS) == 0
    mails = town.mailbox.mails("guest-")
    # A worker killed between the server's yes and our note sends once more, under the same id.
    assert {str(mail["To"]) for mail in mails} == set(town.invited)
    assert len({mail["Message-ID"] for mail in mails}) == len(town.invited)
    assert len(mails) <= len(town.invited) + 1


def test_the_ledger_and_the_keys_are_whole(town: Town) -> None:
    eventually(lambda: town.stack.count("SELECT count(*) FROM ledger_pending") == 0)
    said = town.stack.say("ledger", "verify")
    assert said["intact"], said
    assert town.stack.say("keys", "check") == {"keys": "ok"}
    assert town.stack.count("SELECT count(*) FROM key_epochs WHERE state <> 'ended'") == 1


def _kill_in_retention(stack: Stack) -> None:
    """It begins while the rest still starts, and does not take long."""
    eventually(stack.running)
    until = time.monotonic() + 90
    with stack.superuser() as connection:
        while connection.execute(_RETENTION_RUNS.encode()).fetchone() is None:
            assert time.monotonic() < until, "no retention ran"
            time.sleep(0.01)
    stack.process("worker").kill()


def test_retention_that_is_killed_is_finished_by_the_next(town: Town) -> None:
    """Last in this file: a month passes."""
    stack, sent = town.stack, len(town.load.acknowledged)
    stack.stop()
    with ThreadPoolExecutor() as beside:
        killed = beside.submit(_kill_in_retention, stack)
        stack.start(days=31)
        killed.result()
    eventually(lambda: stack.rows(_RETENTION)[0][0] == "done", seconds=120)
    assert stack.count("SELECT count(*) FROM calls") == 0
    assert stack.count("SELECT count(*) FROM key_ring WHERE day < now()::date + 1") == 0
    assert stack.count("SELECT sum(calls) FROM call_tallies") == sent
    assert stack.say("keys", "check") == {"keys": "ok"}
    assert stack.say("ledger", "verify")["intact"]
    assert town.find_all() == {}
