"""The systems of the matrix: each a small simulator with its conformance bench, and its faults."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from connector.providers.microsoft import partner_pages
from connector.providers.moontalk.provider import MOONTALK_PULL
from connector.providers.moontalk.ways import Paging, SignIn
from connector.providers.netvisor.provider import NETVISOR
from connector.providers.port import Provider
from tests.conformance.cases import Bench
from tests.conformance.microsoft import CallsBench, MicrosoftBench
from tests.conformance.moontalk import MoontalkBench
from tests.conformance.netvisor import NetvisorBench
from tests.functional.microsoft.worlds import World as MicrosoftWorld
from tests.functional.microsoft.worlds import world as microsoft_world
from tests.functional.moontalk.worlds import world as moontalk_world
from tests.functional.netvisor.worlds import world as netvisor_world


@dataclass(frozen=True)
class Site:
    """A running system. `order` takes a fault's name, `calm` ends all faults; `pass_time` is told
    the seconds by which clocks that are not the house's shall go on."""

    bench: Bench
    provider: Provider
    order: Callable[..., None]
    calm: Callable[[], None]
    asked: Callable[[], int]
    pass_time: Callable[[float], None] = lambda _: None


@dataclass(frozen=True)
class System:
    """One column of the matrix."""

    name: str
    label: str
    open: Callable[[], AbstractContextManager[Site]]


@contextmanager
def _netvisor() -> Iterator[Site]:
    with netvisor_world(customers=5) as made:
        desk = made.desk
        bench = NetvisorBench(made, {})
        yield Site(
            bench, NETVISOR, made.fault, desk.faults.clear, lambda: sum(desk.counts.values())
        )


def _microsoft_site(made: MicrosoftWorld, bench: Bench, provider: Provider) -> Site:
    def pass_time(seconds: float) -> None:
        made.time += seconds

    desk = made.desk
    return Site(
        bench,
        provider,
        made.fault,
        desk.faults.clear,
        lambda: sum(desk.counts.values()),
        pass_time,
    )


@contextmanager
def _microsoft() -> Iterator[Site]:
    with (
        pytest.MonkeyPatch.context() as patch,
        microsoft_world(customers=4, calls=0) as made,
    ):
        patch.setattr(partner_pages, "SIZE", 3)
        for number in list(made.desk.books.invoices)[5:]:
            del made.desk.books.invoices[number]
        yield _microsoft_site(made, MicrosoftBench(made), made.partner)


@contextmanager
def _microsoft_calls() -> Iterator[Site]:
    with microsoft_world(customers=0, calls=12) as made:
        yield _microsoft_site(made, CallsBench(made), made.calls)


@contextmanager
def _moontalk(paging: Paging) -> Iterator[Site]:
    with moontalk_world(calls=8, paging=paging, sign_in=SignIn.HEADER) as made:
        desk = made.desk
        bench = _SmallPages(made)
        yield Site(bench, MOONTALK_PULL, made.fault, desk.faults.clear, lambda: desk.answered)


class _SmallPages(MoontalkBench):
    """Several pages of a few calls."""

    @property
    def credential(self) -> dict[str, str]:
        return super().credential | {"size": "5"}


def _of_moontalk(paging: Paging) -> Any:
    return lambda: _moontalk(paging)


_NETVISOR = System("netvisor", "Netvisor", _netvisor)
_MICROSOFT = System("microsoft", "Microsoft", _microsoft)
_CALLS = System("microsoft_calls", "Microsoft calls", _microsoft_calls)
_MOONTALK = System("moontalk", "Moontalk (asked)", _of_moontalk(Paging.CURSOR))

SYSTEMS = (_NETVISOR, _MICROSOFT, _CALLS, _MOONTALK)
