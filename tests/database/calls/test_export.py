"""What is exported is what is stored, in either form."""

import csv
import io
from datetime import timedelta

import msgspec
import pytest

from connector.calls.export import export_calls, say_export
from connector.calls.exported import ExportForm
from connector.calls.ingest import ingest_calls
from connector.calls.queries import Query
from connector.calls.shapes import IncomingCall
from tests.factories import CALLED, CALLER, a_call, days_ago
from tests.tenancies import House, Tenancy


def send(tenant: Tenancy, *calls: IncomingCall) -> None:
    account = tenant.account()
    with tenant.work() as work:
        ingest_calls(work, vault=tenant.vault, account=account, calls=calls)


def export(tenant: Tenancy, form: ExportForm, query: Query | None = None) -> bytes:
    query = query or Query()
    with tenant.work() as work:
        say_export(work, vault=tenant.vault, query=query, form=form)
    with tenant.work() as work:
        return b"".join(export_calls(work, vault=tenant.vault, query=query, form=form))


def test_json_lines_hold_every_call_and_when_it_ends(house: House) -> None:
    alice = house.alice
    send(alice, *(a_call(started_at=days_ago(n)) for n in range(1, 5)))
    lines = export(alice, ExportForm.JSON_LINES).splitlines()
    calls = [msgspec.json.decode(line) for line in lines]
    assert [call["day"] for call in calls] == [f"{days_ago(n):%Y-%m-%d}" for n in (4, 3, 2, 1)]
    assert {(call["caller"], call["called"]) for call in calls} == {(CALLER, CALLED)}
    assert calls[0]["destroyed_at"] > calls[0]["started_at"]


@pytest.mark.attack(50)
def test_csv_defuses_formulas_and_keeps_numbers(house: House) -> None:
    alice = house.alice
    send(alice, a_call(company="=1+1", contact_person='A "quoted", name\nof two lines'))
    [row] = csv.DictReader(io.StringIO(export(alice, ExportForm.CSV).decode(), newline=""))
    assert row["caller"] == CALLER
    assert row["company"] == "'=1+1"
    assert row["contact_person"] == 'A "quoted", name\nof two lines'


def test_range_is_exact(house: House) -> None:
    alice = house.alice
    start = days_ago(2)
    send(alice, *(a_call(started_at=start + timedelta(minutes=n)) for n in range(5)))
    query = Query(since=start + timedelta(minutes=1), until=start + timedelta(minutes=3))
    assert len(export(alice, ExportForm.JSON_LINES, query).splitlines()) == 2


@pytest.mark.attack(34)
def test_nobody_exports_for_another(house: House) -> None:
    send(house.alice, a_call())
    assert export(house.charlie, ExportForm.JSON_LINES) == b""


def test_ledger_knows_of_the_export_before_a_byte_leaves(house: House) -> None:
    alice = house.alice
    send(alice, a_call())
    query = Query()
    with alice.work() as work:
        most = say_export(work, vault=alice.vault, query=query, form=ExportForm.CSV)
    said = "SELECT facts->>'most' FROM ledger_events WHERE event = 'console:calls:exported'"
    assert list(house.rows(said)) == [("1",)]
    assert most == 1
