"""Accounts and the simulator over real connections: what comes in."""

from datetime import datetime
from typing import Any

import msgspec
import pytest

from connector.calls.shapes import IncomingCall
from connector.outbound.failures import ConfigurationFailure, Failure
from connector.providers.microsoft import partner_streams
from connector.providers.microsoft.connections import StreamNotDeclared
from connector.providers.port import Connection, Cursor, Page
from connector.synced.shapes import Contact, Invoice, Subscription
from tests.functional.microsoft.worlds import World, world


def read(
    connection: Connection, stream: str, cursor: Cursor | None = None, *, now: datetime
) -> list[Page]:
    return list(connection.read(stream, cursor, now=now))


def ids(pages: list[Page]) -> list[str]:
    return [each.external_id for page in pages for each in page.received]


def records(pages: list[Page]) -> list[Any]:
    return [each.record for page in pages for each in page.received]


def test_discovery_names_the_directory_and_what_can_be_read() -> None:
    with world() as w:
        found = w.connect().discover()
        assert found.external_key == w.desk.keys.tenant_id
        assert found.streams == ("customers", "subscriptions", "invoices")
        assert found.display_name == ""
        found = w.with_user().connect().discover()
        assert found.display_name == "Example Cloud Partner Oy"


def test_customers_come_in_pages_of_one_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connector.providers.microsoft.partner_pages.SIZE", 15)
    with world(customers=40) as w:
        pages = read(w.connect(), "customers", now=w.now())
        assert [len(page.received) for page in pages] == [15, 15, 10]
        assert [page.sweep_begins for page in pages] == [True, False, False]
        assert [page.sweep_ends for page in pages] == [False, False, True]
        assert pages[0].estimated == 40
        assert ids(pages) == list(w.desk.books.customers)
        contact = records(pages)[0]
        assert isinstance(contact, Contact)
        assert contact.emails == ("contact0@example.com",)
        assert contact.company_register_number == "0000000-X"
        assert contact.address is not None
        assert contact.contact_person


def test_an_interrupted_sweep_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connector.providers.microsoft.partner_pages.SIZE", 15)
    with world(customers=40) as w:
        first = next(iter(w.connect().read("customers", None, now=w.now())))
        rest = read(w.connect(), "customers", first.cursor, now=w.now())
        assert [page.sweep_begins for page in rest] == [False, False]
        assert sorted(ids([first, *rest])) == sorted(w.desk.books.customers)


def test_a_forgotten_place_begins_the_sweep_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connector.providers.microsoft.partner_pages.SIZE", 15)
    with world(customers=40) as w:
        first = next(iter(w.connect().read("customers", None, now=w.now())))
        w.desk.partner_center.forget()
        pages = read(w.connect(), "customers", first.cursor, now=w.now())
        assert pages[0].sweep_begins
        assert len(ids(pages)) == 40


def test_subscriptions_of_every_customer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connector.providers.microsoft.partner_pages.SIZE", 15)
    monkeypatch.setattr(partner_streams, "AT_ONCE", 4)
    with world(customers=40) as w:
        pages = read(w.connect(), "subscriptions", now=w.now())
        wanted = [each["id"] for of in w.desk.books.subscriptions.values() for each in of]
        assert ids(pages) == wanted
        assert [page.sweep_ends for page in pages] == [False] * (len(pages) - 1) + [True]
        assert all(isinstance(each, Subscription) and each.quantity for each in records(pages))
        for place in range(len(pages) - 1):
            rest = read(w.connect(), "subscriptions", pages[place].cursor, now=w.now())
            assert ids(pages[: place + 1]) + ids(rest) == wanted
            assert not rest[0].sweep_begins


def test_a_customer_that_denies_us_keeps_what_it_had() -> None:
    with world(customers=10) as w:
        some = list(w.desk.books.customers)[3]
        w.desk.partner_center.deny(some)
        pages = read(w.connect(), "subscriptions", now=w.now())
        assert pages
        assert not any(page.sweep_ends for page in pages)
        assert pages[-1].cursor == {"sweeping": False}
        assert len(ids(read(w.connect(), "customers", now=w.now()))) == 10
        for key in w.desk.books.customers:
            w.desk.partner_center.deny(key)
        with pytest.raises(ConfigurationFailure):
            read(w.connect(), "subscriptions", now=w.now())


@pytest.mark.promise("A7")
def test_invoices_with_payer_address_and_reference() -> None:
    with world() as w:
        w.desk.books.partner["purchaseOrderNumber"] = "PO-7"
        invoices = records(read(w.with_user().connect(), "invoices", now=w.now()))
        assert len(invoices) == 24
        for invoice in invoices:
            assert isinstance(invoice, Invoice)
            assert invoice.payer is not None
            assert invoice.payer.name == "Example Cloud Partner Oy"
            assert invoice.payer.address is not None
            assert invoice.payer.reference == "PO-7"
            assert invoice.total is not None
            assert invoice.open_amount is not None


def test_an_application_alone_reads_invoices_without_payer() -> None:
    with world() as w:
        invoices = records(read(w.connect(), "invoices", now=w.now()))
        assert {invoice.payer for invoice in invoices} == {None}


@pytest.mark.promise("A12")
def test_the_kind_of_service_m_has_no_calls() -> None:
    with world() as w:
        for stream in ("call_records", "pstn_calls"):
            with pytest.raises(StreamNotDeclared):
                read(w.connect(), stream, now=w.now())
        assert all("graph" not in url for url in w.partner.recipients({}, {}))


def test_a_repetition_says_the_same_request_id() -> None:
    with world() as w:
        client = w.client()
        client.get("/v1/customers", {"size": 1}, where="t")
        w.desk.sign_in.expire_all()
        client.get("/v1/customers", {"size": 1}, where="t")
        w.fault("lost_answer", resource="customers")
        client.get("/v1/customers", {"size": 1}, where="t")
        said = [key for path, key in w.desk.partner_center.requests if path == "/v1/customers"]
        assert len(said) == 4
        assert len(set(said)) == 3
        assert said[2] == said[3]
        assert w.paused == [2.0]


@pytest.mark.parametrize("tells_changes", [True, False])
def test_call_records_with_their_participants(tells_changes: bool) -> None:
    with world(calls=90, tells_changes=tells_changes) as w:
        w.desk.graph.waits[next(iter(w.desk.books.calls.records))] = 1
        pages = read(_calls(w), "call_records", now=w.now())
        assert sorted(ids(pages)) == sorted(w.desk.books.calls.records)
        made = records(pages)
        assert all(isinstance(each, IncomingCall) for each in made)
        assert {each.direction for each in made} == {"inbound", "outbound", "internal"}
        assert all(each.caller for each in made if each.direction == "inbound")
        assert all(each.called for each in made if each.direction == "outbound")
        assert all(each.user_id for each in made)


def _calls(w: World, **more: str) -> Connection:
    """With pauses that are noted and not made: parts of a batch may have to wait."""
    w.stored |= more
    return w.calls.connect(w.opening(pause=w.pause))


def test_changes_come_once_and_deletions_are_told() -> None:
    with world(calls=30) as w:
        pages = read(_calls(w), "call_records", now=w.now())
        cursor = pages[-1].cursor
        assert set(cursor) == {"delta"}
        assert w.url not in str(cursor)
        books = w.desk.books.calls
        some, gone = list(books.records)[:2]
        books.put(books.records[some] | {"version": 5})
        books.put(books.records[some] | {"version": 7})
        books.delete(gone)
        pages = read(_calls(w), "call_records", cursor, now=w.now())
        assert pages[0].received == ()
        assert {each.version for page in pages for each in page.received} == {7}
        assert [key for page in pages for key in page.gone] == [gone]
        assert ids(read(_calls(w), "call_records", pages[-1].cursor, now=w.now())) == []


def test_a_forgotten_delta_link_reads_everything_again() -> None:
    with world(calls=30) as w:
        cursor = read(_calls(w), "call_records", now=w.now())[-1].cursor
        w.desk.graph.forget()
        assert len(ids(read(_calls(w), "call_records", cursor, now=w.now()))) == 30


def test_lists_by_time_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A record may be written long after its call began."""
    monkeypatch.setattr(
        "connector.providers.microsoft.call_streams._SIZED", {"Prefer": "odata.maxpagesize=20"}
    )
    with world(calls=50, tells_changes=False) as w:
        pages = read(_calls(w), "call_records", now=w.now())
        assert [len(page.received) for page in pages] == [20, 20, 10]
        rest = read(_calls(w), "call_records", pages[0].cursor, now=w.now())
        assert sorted(ids([pages[0], *rest])) == sorted(w.desk.books.calls.records)
        assert set(rest[-1].cursor) == {"since"}
        again = read(_calls(w), "call_records", rest[-1].cursor, now=w.now())
        assert len(ids(again)) == 50


def test_the_log_of_telephone_calls() -> None:
    with world(calls=900) as w:
        pages = read(_calls(w, calls="pstn_calls"), "pstn_calls", now=w.now())
        assert len(set(ids(pages))) == len(w.desk.books.calls.rows) == 600
        assert max(len(page.received) for page in pages) <= 1000
        assert all(each.source_id.startswith("pstn:") for each in records(pages))
        again = read(_calls(w), "pstn_calls", pages[-1].cursor, now=w.now())
        assert set(ids(again)) <= set(ids(pages))


def test_calls_over_own_trunks_have_a_log_of_their_own() -> None:
    with world(calls=0, direct=40) as w:
        made = records(read(_calls(w, calls="pstn_calls"), "direct_calls", now=w.now()))
        assert len({each.source_id for each in made}) == 40
        assert all(each.source_id.startswith("direct:") for each in made)
        assert {each.direction for each in made} == {"inbound", "outbound"}
        failed = [each for each in made if each.answered_at is None]
        assert len(failed) == 8
        assert all(each.ended_at is not None for each in made)
        assert "sbc.example.com" not in str(read(_calls(w), "direct_calls", now=w.now()))


def test_no_call_comes_twice_where_both_are_read() -> None:
    with world(calls=30) as w:
        connection = _calls(w, calls="both")
        assert connection.discover().streams == ("call_records", "pstn_calls", "direct_calls")
        made = records(read(connection, "call_records", now=w.now()))
        assert {each.direction for each in made} == {"internal"}
        assert len(made) + len(ids(read(connection, "pstn_calls", now=w.now()))) == 30


@pytest.mark.parametrize("right", ["call_records", "pstn_calls"])
def test_a_missing_permission_is_told(right: str) -> None:
    with world(rights=frozenset({right})) as w:
        logs = ("pstn_calls", "direct_calls")
        found = _calls(w, calls="both").discover().streams
        assert found == ((right,) if right == "call_records" else logs)
        other = {"call_records": "pstn_calls", "pstn_calls": "call_records"}[right]
        with pytest.raises(Failure) as failed:
            _calls(w, calls=other).discover()
        assert failed.value.code == "access_denied"


@pytest.mark.parametrize("kind", ["partner", "calls"])
def test_documents_map_again_to_the_same(kind: str) -> None:
    with world(calls=12, direct=12) as w:
        provider = w.partner if kind == "partner" else w.calls
        connection = w.with_user().connect(kind)
        for stream in provider.streams:
            pages = read(connection, stream.name, now=w.now())
            found = [each for page in pages for each in page.received]
            assert found
            assert [provider.remap(stream.name, each.document) for each in found] == found
            if kind == "calls":
                calls = [msgspec.structs.replace(r.record, version=r.version or 1) for r in found]
                assert [w.calls.reread(each.document) for each in found] == calls
