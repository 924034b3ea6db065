"""A subject with 1,000 calls: access found and packed, erasure done; alone, and among many."""

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from bench.contexts import DAYS, Context
from bench.results import Better, Goal, Result
from bench.samples import BATCH, number
from connector.accounts.kinds import AccountKind
from connector.calls.ingest import ingest_calls
from connector.calls.shapes import IncomingCall
from connector.providers.port import Received
from connector.subjects.registry import clerk_of
from connector.synced.registry import SINKS
from connector.synced.shapes import Contact, RecordKind
from privacy.core import clock
from privacy.identities.people import Person
from privacy.subjects.clerks import Clerk
from privacy.subjects.fetch import fetch_by_agent
from privacy.subjects.receive import Asked, receive_request
from privacy.subjects.run import run_request
from privacy.subjects.verify import verify_by_agent
from privacy.subjects.words import Method, RequestChannel, RequestKind

CALLS: Final = 1_000
SUBJECT: Final = number(78_999)
"""Nobody else's."""
_OWN: Final = number(70_001)
_GOAL = Goal(2.0, 1.3, Better.LOWER)


@dataclass(frozen=True, slots=True)
class _Desk:
    """One tenant whose people handle requests."""

    context: Context
    tenant_id: UUID

    def request(self, kind: RequestKind) -> float:
        """From the proof of who asks to the file in hand, or the certificate. In seconds."""
        house, work = self.context.site.house, self.context.site.work(self.tenant_id)
        person = Person(phone=SUBJECT)
        channel = RequestChannel.LETTER
        with work.begin() as opened:
            clerk = self._clerk()
            asked = Asked(kind=kind, channel=channel, person=person, service="T")
            made = receive_request(opened, clerk, asked)
        began = time.perf_counter()
        with work.begin() as opened:
            verify_by_agent(opened, clerk, request_id=made.id, method=Method.CALL_BACK)
        run_request(work.begin, clerk, house.signer, request_id=made.id)
        if kind is RequestKind.ACCESS:
            with work.begin() as opened:
                assert fetch_by_agent(opened, clerk, request_id=made.id)
        return time.perf_counter() - began

    def fill(self) -> None:
        """The subject's calls, of every day, and nothing that names them besides."""
        site = self.context.site
        account, _ = site.account(self.tenant_id, name=f"Exchange {uuid.uuid4()}")
        noon = clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
        calls = [
            IncomingCall(
                direction="inbound",
                caller=SUBJECT,
                called=_OWN,
                started_at=noon - timedelta(days=1 + n % (DAYS - 2), seconds=n),
                source_id=str(uuid.uuid4()),
            )
            for n in range(CALLS)
        ]
        with site.work(self.tenant_id).begin() as work:
            taken = ingest_calls(work, vault=site.house.vault, account=account, calls=calls)
        assert taken.accepted == CALLS, taken

    def _clerk(self) -> Clerk:
        with self.context.site.work(self.tenant_id).begin() as work:
            return clerk_of(work, self.context.site.house.vault, sending=False)


def measure(context: Context) -> Iterator[Result]:
    """The same subject in a tenant that has nothing else, and in one with everything."""
    crowd = _Desk(context, context.stock)
    _add_contacts(crowd, context.sizes.contacts)
    context.site.analyse()
    alone = _Desk(context, context.site.tenant("Alone Oy"))
    stock = f"{context.sizes.stock:,} calls and {context.sizes.contacts:,} contacts"
    for kind, name in (
        (RequestKind.ACCESS, "access found, packed and fetched"),
        (RequestKind.ERASURE, "erasure done, looked after and certified"),
    ):
        few, many = _both(alone, crowd, kind)
        yield Result(
            f"{name}: {CALLS:,} calls among {stock}",
            f"{many:.2f} s",
            f"{few:.2f} s in a tenant with nothing else",
            many / few,
            _GOAL,
            f"{min(few / many, 1):.0%} of it does not depend on the tenant's size",
        )


def _both(alone: _Desk, crowd: _Desk, kind: RequestKind) -> tuple[float, float]:
    """Medians of three, each on new calls: an erasure leaves none."""
    few, many = list[float](), list[float]()
    for _ in range(3):
        for desk, took in ((alone, few), (crowd, many)):
            desk.fill()
            took.append(desk.request(kind))
            desk.request(RequestKind.ERASURE)
    return sorted(few)[1], sorted(many)[1]


def _add_contacts(desk: _Desk, count: int) -> None:
    site = desk.context.site
    account, _ = site.account(desk.tenant_id, name="Books")
    account = replace(account, kind=AccountKind.NETVISOR)
    for at in range(0, count, BATCH):
        received = [
            Received(
                external_id=str(n),
                record=Contact(
                    name=f"Example Company {n} Ltd",
                    emails=(f"person{n}@example.com",),
                    phones=(number(n % 60_000),),
                ),
            )
            for n in range(at, min(at + BATCH, count))
        ]
        with site.work(desk.tenant_id).begin() as work:
            SINKS[RecordKind.CONTACTS].save(
                work,
                vault=site.house.vault,
                account=account,
                stream="customers",
                received=received,
                sweep=None,
            )
