"""Nothing that people said is in any file; and once its day is over, it is in no copy either."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from connector.calls.views import CallView
from privacy.core.db.engine import Engines
from privacy.vault.errors import KeyCheckFailed
from privacy.vault.key_checks import check_keys
from privacy.vault.restores import restore_from_escrow
from privacy.vault.roots import read_root_file
from tests.scenarios.canaries import Canary
from tests.scenarios.copies import (
    Copy,
    Holdings,
    copy_of,
    day_rows,
    dump,
    guessed,
    running,
    tokens_of,
    unwrap,
)
from tests.scenarios.logging_all import log_everything
from tests.scenarios.mailboxes import mailbox
from tests.scenarios.needles import Needles, files_below
from tests.scenarios.stacks import Stack, eventually

pytestmark = pytest.mark.slow

PLANTED = "zwplantedbytheauditor"
_OWN_SECRETS = frozenset({"root.key", "passwords.json", "environment"})
_LAST_RUN = (
    "SELECT extract(epoch FROM max(finished_at))::bigint FROM outbox_jobs "
    "WHERE name = 'retention.run' AND state = 'done'"
)


@dataclass
class Evidence:
    """What is left of a scenario: files as they were before, and as they are now."""

    canary: Canary
    before: Path
    after: Path
    dumped: Path
    said_later: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def evidence() -> Iterator[Evidence]:
    """Everything happens; files are copied; 31 days pass; nothing runs any more."""
    with mailbox() as box:
        stack = Stack(SILTA_SMTP_URL=box.url, SILTA_LOG_LEVEL="DEBUG")
        try:
            yield _happen(Canary(stack, box))
        finally:
            stack.close()


def _happen(canary: Canary) -> Evidence:
    stack = canary.stack
    stack.start()
    log_everything(stack)
    with stack.superuser() as connection:
        connection.execute("CREATE TABLE planted (written text)")
        connection.execute("INSERT INTO planted VALUES (%s)", [PLANTED.encode().hex()])
    canary.sing()
    dumped = dump(stack.superuser_url(), stack.folder / "dump.sql")
    last_run = stack.count(_LAST_RUN)
    stack.stop()
    before = copy_of(stack.var, stack.folder / "before")
    stack.start(days=31)
    eventually(lambda: stack.count(_LAST_RUN) > last_run, seconds=90)
    canary.await_jobs()
    evidence = Evidence(canary, before, stack.var, dumped)
    evidence.said_later = [
        canary.api(f"/calls/{canary.call_id}", method="GET").text,
        canary.api("/calls/search", json={"number": "+12025550147"}).text,
    ]
    stack.stop()
    return evidence


def _secrets_of_servers(folder: Path) -> dict[str, str]:
    files = {server: folder / server / "passwords.json" for server in ("postgres", "redis")}
    return {
        f"{server}'s password of {role}": password
        for server, path in files.items()
        for role, password in json.loads(path.read_text()).items()
    }


def _keys(folder: Path, copy: Copy) -> dict[str, bytes]:
    holdings = Holdings(folder)
    roots = read_root_file(folder / "root.key").versions
    keys = {f"root key {number}": key for number, key in roots.items()}
    keys |= {f"epoch key {n}": key for n, key in enumerate(holdings.epoch_keys())}
    opened = unwrap(copy.rows(), holdings.epoch_keys())
    assert len(opened) >= 6
    return keys | {f"key {row.name}": key for row, key in opened}


@pytest.fixture(scope="module")
def copies(evidence: Evidence) -> Iterator[list[Copy]]:
    """The old data directory and the old dump, in a server that runs again."""
    aside = copy_of(evidence.before, evidence.before.with_name("again"))
    with running(aside, evidence.dumped) as found:
        yield found
    shutil.rmtree(aside)


@pytest.fixture(scope="module")
def calls(evidence: Evidence, copies: list[Copy]) -> list[CallView]:
    """Every call, opened with what existed before the destruction."""
    return copies[0].open_calls(Holdings(evidence.before).custody())


@pytest.mark.attack(15)
@pytest.mark.attack(16)
@pytest.mark.attack(52)
def test_nothing_that_was_said_is_in_any_file(evidence: Evidence, copies: list[Copy]) -> None:
    words: dict[str, str | bytes] = dict(evidence.canary.words.said)
    assert len(words) > 70
    words |= _secrets_of_servers(evidence.before)
    words |= _keys(evidence.before, copies[0])
    needles = Needles(words)
    files = files_below(evidence.before, evidence.after, without=_OWN_SECRETS)
    names = {path.name for path in files}
    assert {"postgres.log", "web.log", "worker.log", "scheduler.log", "appendonly.aof"} <= names
    assert any(path.parent.name == "pg_wal" for path in files)
    assert needles.in_files([*files, evidence.dumped, evidence.canary.stack.output]) == {}


@pytest.mark.attack(16)
def test_what_was_planted_is_found(evidence: Evidence) -> None:
    """Were the search blind, or the log silent, the test above would pass all the same."""
    system = evidence.canary.words.systems[0]
    found = Needles({"planted": PLANTED, "system": system}).in_files(files_below(evidence.before))
    assert set.union(*found.values()) == {"planted (hex)", "system (plain)"}
    places = {Path(path).parent.name for path in found}
    assert places >= {"pg_wal", "log"}
    log = (evidence.before / "log" / "postgres.log").read_text(errors="replace")
    assert "Parameters: $1" in log
    assert "INSERT INTO calls" in log or "INTO calls" in log


@pytest.mark.attack(52)
def test_jobs_are_told_ids_only(evidence: Evidence, copies: list[Copy]) -> None:
    payloads = copies[0].payloads()
    assert len(payloads) >= 8
    for payload in payloads:
        for name, value in payload.items():
            assert name.endswith("_id") or name == "day", payload
            assert len(str(value)) <= 36


def test_before_its_time_is_over_a_copy_opens_with_the_keys(
    evidence: Evidence, copies: list[Copy], calls: list[CallView]
) -> None:
    """The control: were these ways of opening wrong, the tests below would prove nothing."""
    then = Holdings(evidence.before)
    assert len(calls) == copies[0].count("calls") >= 6
    companies = {call.record.company for call in calls}
    assert evidence.canary.company in companies
    for copy in copies:
        rows = copy.rows()
        assert len(unwrap(rows, then.epoch_keys())) == len(rows) >= 6
        assert guessed(rows, unwrapped(then)) > 0
        assert len(copy.open_calls(then.custody())) == len(calls)
    assert copies[0].tokens() <= tokens_of(then.keys(copies[0].rows()), calls)


def unwrapped(holdings: Holdings) -> set[bytes]:
    """Guesses with what root opens among them: the epoch keys."""
    return holdings.guesses() | set(holdings.epoch_keys())


@pytest.mark.attack(9)
def test_afterwards_no_copy_opens_with_anything_that_is_left(
    evidence: Evidence, copies: list[Copy], calls: list[CallView]
) -> None:
    now = Holdings(evidence.after)
    keys = now.keys([])
    for copy in copies:
        assert copy.open_calls(now.custody()) == []
        engines = Engines(now.settings(**copy.urls()))
        with pytest.raises(KeyCheckFailed):
            check_keys(engines.app, now.custody())
        engines.dispose()
        rows = copy.rows()
        assert unwrap(rows, keys) == []
        assert guessed(day_rows(rows), [*now.guesses(), *keys]) == 0
    assert unwrap(Holdings(evidence.before).bundled(), keys) == []


@pytest.mark.attack(11)
def test_afterwards_no_token_is_made_again(
    evidence: Evidence, copies: list[Copy], calls: list[CallView]
) -> None:
    old = copies[0].tokens()
    assert len(old) >= 8
    assert not old & tokens_of(Holdings(evidence.after).keys([]), calls)


@pytest.mark.attack(9)
def test_afterwards_the_current_files_hold_no_way_back(
    evidence: Evidence, copies: list[Copy], calls: list[CallView]
) -> None:
    """Heap, log and bundles as they are now still have old key rows in them: opened by nothing."""
    aside = copy_of(evidence.after, evidence.after.with_name("now"))
    now = Holdings(evidence.after)
    with running(aside) as (current,):
        assert current.count("calls") == current.count("session_usages") == 0
        living = current.rows()
        assert len(unwrap(living, now.epoch_keys())) == len(living)
        gone = {row.commitment for row in day_rows(copies[0].rows())}
        assert not gone & {row.commitment for row in living}
    old = {row.commitment: row for row in day_rows(copies[0].rows())}
    assert not old.keys() & {row.commitment for row in now.bundled()}
    for answer in evidence.said_later:
        assert evidence.canary.company not in answer


@pytest.mark.attack(9)
def test_afterwards_escrow_brings_back_no_day_that_ended(
    evidence: Evidence, copies: list[Copy], calls: list[CallView]
) -> None:
    """The last way: the old database, with the ring as `silta keys restore` puts it back."""
    now = Holdings(copy_of(evidence.after, evidence.after.with_name("holdings")))
    engines = Engines(now.settings(**copies[1].urls()))
    assert restore_from_escrow(engines.keeper, now.custody()).keys > 0
    check_keys(engines.app, now.custody())
    engines.dispose()
    assert copies[1].count("calls") == len(calls)
    assert copies[1].open_calls(now.custody()) == []
    assert unwrap(copies[0].rows(), now.epoch_keys()) == []
