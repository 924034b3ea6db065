"""`silta simulate moontalk` and `silta simulate exchange`."""

import itertools
from collections.abc import Iterator
from time import sleep

import click

from connector.providers.moontalk.ways import Paging, SignIn
from connector.simulators.exchanges.calls import make_call
from connector.simulators.exchanges.exchange import Exchange, FaultName, Kind
from connector.simulators.exchanges.freeswitch import Encoding
from connector.simulators.moontalk.desk import HEADER, PATH, USER, Desk
from connector.simulators.moontalk.faults import FaultName as MoontalkFault
from privacy.core import clock


def send_calls(exchange: Exchange, *, seed: int, rate: float, count: int) -> Iterator[str]:
    """Send calls, so many a second; a line after each ten seconds and at the end."""
    told = began = clock.monotonic()
    sent = 0
    numbers = itertools.count() if count == 0 else range(count)
    for number in numbers:
        ahead = began + number / rate - clock.monotonic()
        if ahead > 0:
            sleep(ahead)
        exchange.send(make_call(seed, number, ended=clock.now()))
        sent = number + 1
        if clock.monotonic() - told >= 10:
            told = clock.monotonic()
            yield sent_line(exchange, sent)
    yield sent_line(exchange, sent)


def sent_line(exchange: Exchange, sent: int) -> str:
    """How many calls, and what the answers were."""
    answers = ", ".join(f"{what}: {n}" for what, n in sorted(exchange.sender.counts.items()))
    return f"{sent} calls told; answers {answers or 'none'}"


def open_exchange(
    kind: str, url: str, *, encodings: tuple[str, ...], token: str, faults: tuple[str, ...]
) -> Exchange:
    """An exchange from a command's words. Raises click.ClickException."""
    if kind == Kind.TWILIO and not token:
        raise click.ClickException("Twilio signs: give the account's auth token with --token")
    try:
        return Exchange(
            Kind(kind),
            url,
            encodings=tuple(map(Encoding, encodings)) or tuple(Encoding),
            token=token,
            faults=frozenset(map(FaultName, faults)),
        )
    except ValueError:
        raise click.ClickException(
            "--to is the whole address of the account: https://…/in/<secret>, or http:// on this "
            "machine"
        ) from None


def welcome_to_moontalk(url: str, desk: Desk) -> list[str]:
    """What a client needs to know."""
    how = {
        SignIn.HEADER: f"in the header {HEADER}",
        SignIn.BEARER: "as bearer token",
        SignIn.BASIC: f"as password of the user {USER} (Basic)",
    }[desk.sign_in]
    following = {
        Paging.CURSOR: "cursor, next at next_cursor",
        Paging.PAGE: "page, from 1 on, the newest first",
        Paging.SINCE: "since: the oldest change first",
    }[desk.paging]
    return [
        f"Moontalk's simulator answers at {url}",
        f"  path             {PATH}",
        f"  key              {desk.key}",
        f"  sent             {how}",
        f"  pages            {following}",
        "  parameters       limit, updated_since; each call has updated_at",
        f"State: GET {url}/_control/state",
        f'Calls that have just ended: POST {url}/_control/calls, JSON like {{"count": 3}}',
        f"Faults: POST {url}/_control/faults, JSON like"
        ' {"name": "429", "times": 1, "seconds": 5}; DELETE ends them',
        f"  names: {', '.join(name.value for name in MoontalkFault)}",
        "The key opens nothing but this simulator. Ctrl-C stops it.",
    ]
