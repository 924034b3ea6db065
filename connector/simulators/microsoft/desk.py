"""One request from sign-in to answer."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import sleep
from typing import Any, Final

import msgspec

from connector.simulators.microsoft.books import Books, seeded
from connector.simulators.microsoft.event_signing import CERTIFICATE_PATH
from connector.simulators.microsoft.events import PREFIX as EVENTS
from connector.simulators.microsoft.events import Events
from connector.simulators.microsoft.faults import LOGIN, Faults
from connector.simulators.microsoft.graph import Graph
from connector.simulators.microsoft.keys import Keys
from connector.simulators.microsoft.partner_center import PartnerCenter
from connector.simulators.microsoft.questions import Question
from connector.simulators.microsoft.refusals import Refusal
from connector.simulators.microsoft.sign_in import LASTS, SignIn
from connector.simulators.microsoft.watches import Watches
from privacy.core import clock

MARK: Final = b"\xef\xbb\xbf"
BOTH_RIGHTS: Final = frozenset({"call_records", "pstn_calls"})


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Desk:
    """The directory, the partner and the telephone service behind one address."""

    keys: Keys
    books: Books
    sign_in: SignIn
    partner_center: PartnerCenter
    graph: Graph
    now: Callable[[], datetime]
    events: Events
    faults: Faults = field(default_factory=Faults)
    counts: dict[str, int] = field(default_factory=dict)

    def answer(self, question: Question, *, seconds: float = 0.0, lost: bool = False) -> Reply:
        """After so many seconds of work. `lost`: nobody will hear it."""
        sleep(seconds)
        name = resource_of(question.path)
        self.counts[name] = self.counts.get(name, 0) + 1
        try:
            return self._answered(question, name, lost)
        except Refusal as refusal:
            return reply_of(refusal)

    def _answered(self, question: Question, name: str, lost: bool) -> Reply:
        if name == LOGIN:
            return self._login(question, lost)
        token = question.header("Authorization")
        if question.path == CERTIFICATE_PATH:
            return Reply(200, self.events.signer.certificate_file())
        if question.path.startswith(EVENTS):
            self.sign_in.check(token, "partner_center")
            return Reply(200, msgspec.json.encode(self.events.answer(question)))
        if question.path.startswith("/v1/"):
            user = self.sign_in.check(token, "partner_center")
            body = self.partner_center.answer(replace(question, user=user))
            echoed = {"MS-RequestId": question.header("MS-RequestId")}
            return Reply(200, MARK + msgspec.json.encode(body), echoed)
        self.sign_in.check(token, "graph")
        found = self.graph.answer(question)
        if found is None:
            return Reply(204)
        created = question.method == "POST" and name == "subscriptions"
        return Reply(201 if created else 200, msgspec.json.encode(found))

    def _login(self, question: Question, lost: bool) -> Reply:
        tenant, _, rest = question.path.strip("/").partition("/")
        if rest == "v2.0/.well-known/openid-configuration":
            said: Any = self.sign_in.describe(question.base, tenant)
        elif rest in ("oauth2/v2.0/token", "oauth2/token") and question.method == "POST":
            said = self.sign_in.grant(question.base, tenant, question.form, rotate=not lost)
        else:
            raise Refusal(404, {"error": "not_found"})
        return Reply(200, msgspec.json.encode(said))


def resource_of(path: str) -> str:
    """What a fault can be limited to: token, customers, subscriptions, invoices, profiles,
    callrecords, pstncalls, directcalls, events, $batch."""
    parts = path.strip("/").split("/")
    if parts[0] == "v1":
        return "subscriptions" if parts[-1] == "subscriptions" else (parts[1:] or [""])[0]
    if parts[0] in ("webhooks", "cert"):
        return "events"
    if parts[0] != "v1.0":
        return LOGIN
    if "getPstnCalls" in path or "getDirectRoutingCalls" in path:
        return "pstncalls" if "getPstnCalls" in path else "directcalls"
    return "callrecords" if "callRecords" in path else (parts[1:] or [""])[0]


def reply_of(refusal: Refusal) -> Reply:
    """A refusal on its way out."""
    return Reply(refusal.status, msgspec.json.encode(refusal.body or {}), refusal.headers)


def open_desk(
    *,
    seed: int = 1,
    customers: int = 40,
    calls: int = 60,
    lasts: int = LASTS,
    tells_changes: bool = True,
    rights: frozenset[str] = BOTH_RIGHTS,
    direct: int = 0,
    now: Callable[[], datetime] = clock.now,
) -> Desk:
    """A desk with seeded books and keys."""
    keys = Keys.of(seed)
    books = seeded(seed, customers=customers, calls=calls, direct=direct, now=now())
    watches = Watches(keys.tenant_id, now)
    graph = Graph(books.calls, watches, tells_changes=tells_changes, rights=rights)
    sign_in = SignIn(keys, now, lasts=lasts)
    return Desk(keys, books, sign_in, PartnerCenter(books), graph, now, Events(now))
