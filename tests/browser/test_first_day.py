"""A newcomer's first day, and the day a month later: real processes, a real browser, curl."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.scenarios.consoles import Someone
from tests.scenarios.stacks import Stack, eventually

pytestmark = pytest.mark.slow

NEEDLE, PERSON = "+442079460991", "Ingrid Berg"


@pytest.fixture
def stack() -> Iterator[Stack]:
    """What `make run` starts, demo tenant and all."""
    stack = Stack(demo=True)
    try:
        stack.start()
        yield stack
    finally:
        stack.close()


@pytest.mark.promise("B1")
def test_sign_in_post_find_and_a_month_later_nothing(page: Page, stack: Stack) -> None:
    owner = _as_it_was_printed(stack)
    _sign_in(page, stack, owner)
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()

    key, account = _create_key(page, stack), _system(stack)
    said = _curl(stack, key, "/calls", _thousand(account))
    assert (said["accepted"], said["rejected"]) == (1000, [])
    (found,) = _curl(stack, key, "/calls/search", {"number": NEEDLE})["calls"]
    assert found["contact_person"] == PERSON
    path = _find(page, stack)
    assert path == f"/calls/{found['id']}"
    expect(page.get_by_text(PERSON)).to_be_visible()
    expect(page.get_by_text("Destroyed on")).to_be_visible()
    day = date.fromisoformat(found["day"])
    assert _stored(stack, day) == (True, 1, 0)

    stack.stop()
    stack.start(days=31)
    eventually(lambda: _stored(stack, day) == (False, 0, 1), seconds=120)
    assert stack.count("SELECT count(*) FROM calls WHERE day <= %s", day) == 0
    assert _curl(stack, key, "/calls/search", {"number": NEEDLE})["calls"] == []
    assert _curl(stack, key, path)["status"] == 404
    _sign_in(page, stack, owner)
    _search(page, stack)
    expect(page.get_by_text("No call with this number")).to_be_visible()
    assert page.request.get(stack.site + path).status == 404


def _as_it_was_printed(stack: Stack) -> Someone:
    printed = re.search(r"sign in as (owner@\S+) +password (\S+)", stack.said())
    secret = re.search(r"authenticator: owner (\S+)", stack.said())
    assert printed is not None, stack.said()
    assert secret is not None, stack.said()
    return Someone(printed[1], printed[2], secret=secret[1])


def _sign_in(page: Page, stack: Stack, person: Someone) -> None:
    page.context.clear_cookies()
    page.goto(f"{stack.site}/sign-in")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(person.password)
    page.get_by_role("button", name="Sign in").click()
    if person.secret:
        page.get_by_label("Code").fill(person.code())
        page.get_by_role("button", name="Continue").click()


def _create_key(page: Page, stack: Stack) -> str:
    page.goto(f"{stack.site}/api-keys/add")
    page.get_by_label("Name", exact=True).fill("First program")
    page.get_by_label("Read a call").check()
    page.get_by_role("button", name="Create").click()
    return page.locator("#key").inner_text()


def _system(stack: Stack) -> str:
    """The demo's system: its id, as the API wants it."""
    account: str = json.loads((stack.var / "demo.json").read_text())["account_id"]
    return account


def _thousand(account: str) -> list[dict[str, str]]:
    began = (datetime.now(UTC) - timedelta(minutes=20)).isoformat()
    numbers = [f"+1202555{100 + n % 80:04}" for n in range(999)]
    calls = [_call(n, number, began, account) for n, number in enumerate(numbers)]
    return [*calls, _call(999, NEEDLE, began, account) | {"contact_person": PERSON}]


def _call(number: int, caller: str, began: str, account: str) -> dict[str, str]:
    return {
        "source_id": f"first-day-{number}",
        "account": account,
        "direction": "inbound",
        "caller": caller,
        "called": "+442079460018",
        "started_at": began,
    }


def _curl(stack: Stack, key: str, path: str, document: object = None) -> Any:
    program = shutil.which("curl")
    assert program is not None, "curl is needed"
    config = [f'url = "{stack.site}/api/v1{path}"', f'header = "Authorization: Bearer {key}"']
    if document is not None:
        body = stack.folder / "body.json"
        body.write_text(json.dumps(document))
        config += ['header = "Content-Type: application/json"', f'data-binary = "@{body}"']
    done = subprocess.run(
        [program, "--silent", "--show-error", "--config", "-"],
        input="\n".join(config),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def _search(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.site}/calls")
    page.get_by_label("Telephone number").fill(NEEDLE)
    page.get_by_role("button", name="Search").click()


def _find(page: Page, stack: Stack) -> str:
    _search(page, stack)
    expect(page.get_by_role("heading", name="1 call", exact=True)).to_be_visible()
    page.get_by_role("link", name=re.compile("Call of")).click()
    return page.url.removeprefix(stack.site)


def _stored(stack: Stack, day: date) -> tuple[bool, int, int]:
    """Of the tenant's day: whether it has a partition, its keys, its tombstones."""
    partition = f"SELECT count(to_regclass('calls_{day:%Y_%m_%d}'))"
    about = "WHERE kind = 'day' AND data = 'calls' AND day = %s"
    return (
        bool(stack.count(partition)),
        stack.count(f"SELECT count(*) FROM key_ring {about}", day),
        stack.count(f"SELECT count(*) FROM key_destructions {about}", day),
    )
