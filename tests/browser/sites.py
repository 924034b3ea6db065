"""The console on a port of this machine, with a month of calls behind it."""

import random
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page
from werkzeug.serving import make_server

from connector.accounts.kinds import AccountKind
from connector.accounts.received import note_received
from connector.accounts.refs import AccountRef
from connector.calls.ingest import ingest_calls
from connector.calls.shapes import IncomingCall
from privacy.core import clock
from tenants.api_keys.create import create_api_key
from tenants.permissions import Permission
from tests.browser.books import fill_books
from tests.factories import a_call
from tests.functional.console.town import PASSWORD, Person, Town

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
_PEOPLE = (("Ingrid Berg", "Fjell AS"), ("Matti Meri", "Salmi Oy"), (None, None))


def has_chromium() -> bool:
    """Whether browser checks can run on this machine."""
    return Path(CHROMIUM).exists()


@contextmanager
def serving(town: Town) -> Iterator[str]:
    """The town's application, answering; yields its address."""
    server = make_server("127.0.0.1", 0, town.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def fill(town: Town) -> None:
    """A month of calls, two systems, a key, the books."""
    tenancy = town.tenancy(town.alices)
    exchange = tenancy.account(AccountKind.FREESWITCH, "Head office")
    tenancy.account(AccountKind.TWILIO, "Support line")
    chance = random.Random(7)
    with tenancy.work() as work:
        calls = list(_month(chance, work.now))
        ingest_calls(work, vault=town.house.vault, account=exchange, calls=calls)
    _connect(town, exchange)
    fill_books(tenancy)
    with tenancy.work() as work:
        scopes = [Permission.CALLS_WRITE, Permission.CALLS_SEARCH]
        create_api_key(town.house.vault, work, name="Booking system", scopes=scopes)


def sign_in(page: Page, site: str, person: Person) -> None:
    """As a person does it."""
    page.goto(f"{site}/sign-in")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def _connect(town: Town, exchange: AccountRef) -> None:
    with town.tenancy(town.alices).work() as work:
        note_received(work, exchange)


def _month(chance: random.Random, now: datetime) -> Iterator[IncomingCall]:
    for back in range(30):
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=back)
        busy = 14 if midnight.weekday() < 5 else 3
        for _ in range(chance.randrange(busy // 2, busy + 1)):
            began = midnight + timedelta(minutes=chance.randrange(7 * 60, 18 * 60))
            if began < clock.now():
                yield _call(chance, began)


def _call(chance: random.Random, began: datetime) -> IncomingCall:
    person, company = chance.choice(_PEOPLE)
    answered = began + timedelta(seconds=chance.randrange(3, 30))
    missed = chance.random() < 0.15
    spoken = timedelta(seconds=chance.randrange(20, 900))
    return a_call(
        direction=chance.choice(("inbound", "inbound", "outbound")),
        caller=f"+1202555{chance.randrange(100, 140):04}",
        contact_person=person,
        company=company,
        started_at=began,
        answered_at=None if missed else answered,
        ended_at=answered + (timedelta() if missed else spoken),
    )
