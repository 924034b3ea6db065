"""The simulated exchanges at real addresses, and the two commands."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from connector.accounts.find import find_account
from connector.accounts.kinds import AccountKind
from connector.accounts.refs import AccountRef
from connector.accounts.secrets import issue_secret
from connector.calls.queries import Query
from connector.calls.search import search_calls
from connector.simulators.exchanges.calls import make_call
from connector.simulators.exchanges.exchange import Exchange, FaultName, Kind
from connector.simulators.moontalk.desk import HEADER, PATH, key_of
from connector.simulators.servers import LocalServer
from jobs.commands.simulations import send_calls
from privacy.core import clock
from tests.functional.api.programs import Programs
from tests.tenancies import House

ROOT = Path(__file__).parents[3]
COUNT = 7


@pytest.fixture
def server(house: House) -> Iterator[LocalServer]:
    with LocalServer(Programs(house).app) as running:
        yield running


def address(house: House, server: LocalServer, account: AccountRef) -> str:
    with house.alice.work() as work:
        return f"{server.url}/in/{issue_secret(work, account.id)}"


def stored(house: House) -> list[str | None]:
    with house.alice.work() as work:
        page = search_calls(work, vault=house.alice.vault, query=Query(), limit=100)
        return [view.record.source_id for view in page.calls]


def state(house: House, account: AccountRef) -> str:
    with house.alice.work() as work:
        return str(find_account(work, account.id).state)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.TWILIO])
def test_every_call_arrives_once(house: House, server: LocalServer, kind: Kind) -> None:
    account = house.alice.account(AccountKind(kind.value))
    faults = frozenset({FaultName.REPEATED, FaultName.OUT_OF_ORDER})
    exchange = Exchange(kind, address(house, server, account), faults=faults)
    for number in range(COUNT):
        ended = clock.now() - timedelta(minutes=number)
        assert exchange.send(make_call(3, number, ended=ended)), exchange.sender.counts
    found = stored(house)
    assert len(found) == len(set(found)) == COUNT
    assert state(house, account) == "connected"


@pytest.mark.parametrize("fault", [FaultName.GARBAGE, FaultName.WRONG_SIGNATURE])
def test_what_cannot_be_trusted_or_read_is_refused(
    house: House, server: LocalServer, fault: FaultName
) -> None:
    kind = Kind.TWILIO if fault is FaultName.WRONG_SIGNATURE else Kind.FREESWITCH
    account = house.alice.account(AccountKind(kind.value))
    url = address(house, server, account)
    exchange = Exchange(kind, url, token="token-of-a-test", faults=frozenset({fault}))
    exchange.sender.pause = lambda _: None
    assert not exchange.send(make_call(3, 0, ended=clock.now()))
    assert set(exchange.sender.counts) <= {"400", "403", "422", "given up"}
    assert stored(house) == []
    assert state(house, account) == "testing"


def test_a_rate_and_a_count_are_kept(house: House, server: LocalServer) -> None:
    account = house.alice.account(AccountKind.KAMAILIO)
    exchange = Exchange(Kind.KAMAILIO, address(house, server, account))
    [line] = list(send_calls(exchange, seed=1, rate=50, count=3))
    assert line.startswith("3 calls told")


@contextmanager
def command(*options: str) -> Iterator[str]:
    run = [sys.executable, "wsgi.py", "simulate", *options]
    process = subprocess.Popen(run, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split()[-1]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        process.stdout.close()


def test_the_command_of_moontalk_answers_and_stops() -> None:
    options = ("--port", "0", "--seed", "7", "--calls", "3", "--fault", "429")
    with command("moontalk", *options) as url:
        headers = {HEADER: key_of(7)}
        assert httpx.get(f"{url}{PATH}", headers=headers).status_code == 429
        assert len(httpx.get(f"{url}{PATH}", headers=headers).json()["calls"]) == 3
        assert httpx.get(f"{url}{PATH}").status_code == 401
        assert httpx.get(f"{url}{PATH}?what=1", headers=headers).status_code == 400
        added = httpx.post(f"{url}/_control/calls", json={"count": 2}).json()
        assert len(added["added"]) == 2
        assert httpx.post(f"{url}/_control/calls", json={"count": 0}).status_code == 422
        assert httpx.get(f"{url}/_control/state").json()["calls"] == 5


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--kind", "twilio", "--to", "https://silta.example.com/in/x"), "--token"),
        (("--kind", "freeswitch", "--to", "http://silta.example.com/in/x"), "--to is"),
        (("--kind", "pbx", "--to", "https://silta.example.com/in/x"), "Invalid value"),
    ],
)
def test_the_command_of_exchanges_says_what_it_wants(options: tuple[str, ...], said: str) -> None:
    run = [sys.executable, "wsgi.py", "simulate", "exchange", *options]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert said in done.stderr
    assert json.dumps(done.stdout) == '""'
