"""A client and the simulator over a real connection: what comes in."""

from datetime import timedelta
from decimal import Decimal

import pytest

from connector.outbound.failures import Failure
from connector.providers.netvisor import reading
from connector.providers.netvisor.credentials import Algorithm
from connector.providers.netvisor.envelope import RefusedBySettings
from connector.providers.netvisor.windows import Cursor, Window, plan_run
from connector.simulators.netvisor.books import InvoiceEntry
from tests.functional.netvisor.worlds import LIMITS, World, ask_something, whole_customers, world

EVER = Window(None, None)


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_each_mac_is_accepted(algorithm: Algorithm) -> None:
    with world() as w:
        ask_something(w.client(algorithm=algorithm))


def test_everything_comes_in() -> None:
    with world(customers=25) as w:
        client = w.client()
        customers = whole_customers(client)
        assert {c.netvisor_key for c in customers} == set(w.desk.books.customers)
        assert all(c.unread == () for c in customers)
        keys = [head.netvisor_key for head in reading.list_invoices(client, EVER)]
        invoices = reading.read_invoices(client, keys)
        assert {i.netvisor_key for i in invoices} == set(w.desk.books.invoices)
        for invoice in invoices:
            amounts = sum((line.amount or Decimal(0) for line in invoice.lines), Decimal(0))
            assert amounts == invoice.amount
        assert len(list(reading.list_products(client, None))) == 4
        paid = {p.netvisor_key for p in reading.list_payments(client, EVER)}
        assert paid == set(w.desk.books.payments)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_lists_of_none_one_and_two(count: int) -> None:
    with world(customers=count) as w:
        found = whole_customers(w.client())
        assert len(found) == count
        assert all(c.netvisor_key in w.desk.books.customers for c in found)


@pytest.mark.parametrize("zone", ["Europe/Helsinki", "UTC"])
def test_what_changes_after_a_run_comes_with_the_next(zone: str) -> None:
    with world(customers=9, zone=zone) as w:
        client = w.client()
        plan = plan_run(Cursor(), w.now())
        list(reading.list_customers(client, plan.changed_since))
        entry = next(iter(w.desk.books.customers.values()))
        entry.modified_at = w.now()
        w.ahead = timedelta(hours=5)
        plan = plan_run(plan.next_cursor, w.now())
        assert plan.changed_since is not None
        found = [head.netvisor_key for head in reading.list_customers(client, plan.changed_since)]
        assert entry.key in found
        assert len(found) < 9


def test_changed_since_is_not_sent_with_a_keyword() -> None:
    with world() as w:
        client = w.client()
        entry = w.desk.books.customers[5]
        assert reading.find_customer_by_code(client, entry.said("internalidentifier")) == 5
        assert reading.find_customer_by_code(client, "C0000") is None
        assert reading.find_customer_by_code(client, "Ä & ö=?#/") is None


def test_deleted_invoices_are_told_for_seven_days() -> None:
    with world() as w:
        key = next(iter(w.desk.books.invoices))
        w.desk.books.delete_invoice(key, w.now())
        plan = plan_run(Cursor(w.now() - timedelta(days=1), w.now() - timedelta(days=1)), w.now())
        assert plan.deleted_since is not None
        (gone,) = reading.list_deleted_invoices(w.client(), plan.deleted_since)
        assert gone.netvisor_key == key
        w.ahead = timedelta(days=8)
        assert list(reading.list_deleted_invoices(w.client(), plan.deleted_since)) == []


def test_records_that_are_gone_are_left_out() -> None:
    with world(customers=20) as w:
        client = w.client()
        keys = sorted(w.desk.books.customers)
        del w.desk.books.customers[keys[3]]
        found = reading.read_customers(client, keys)
        assert [c.netvisor_key for c in found] == [k for k in keys if k != keys[3]]
        assert reading.read_customers(client, [keys[3]]) == []
        assert reading.read_customers(client, []) == []
        assert reading.read_invoices(client, [999_999]) == []


def test_a_page_that_one_key_spoils_is_asked_by_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that knows no lists of keys, or refuses them for one that is gone."""
    with world(customers=8) as w:
        keys = sorted(w.desk.books.customers)
        monkeypatch.setattr("connector.simulators.netvisor.questions.MOST_KEYS", 1)
        found = reading.read_customers(w.client(), keys)
        assert [c.netvisor_key for c in found] == keys


def _many_invoices(w: World, count: int) -> None:
    pattern = next(iter(w.desk.books.invoices.values()))
    for _ in range(count):
        key = w.desk.books.new_key()
        w.desk.books.invoices[key] = InvoiceEntry(
            *(key, w.now(), pattern.customer_key, key, pattern.dated, pattern.due, 14, "open"),
            pattern.lines,
        )


def test_a_list_that_ends_early_is_asked_to_go_on() -> None:
    with world(customers=4) as w:
        _many_invoices(w, 1200)
        found = [head.netvisor_key for head in reading.list_invoices(w.client(), EVER)]
        assert sorted(found) == sorted(w.desk.books.invoices)
        assert len(found) == len(set(found))
        assert w.desk.counts["salesinvoicelist"] == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"customer_key": "wrong-key"},
        {"partner_key": "wrong-key"},
        {"customer_id": "nobody"},
        {"partner_id": "nobody"},
        {"organisation_id": "7654321-0"},
    ],
)
def test_bad_credentials_are_explained_and_not_repeated(changes: dict[str, str]) -> None:
    with world() as w:
        with pytest.raises(RefusedBySettings) as failed:
            ask_something(w.client(LIMITS, **changes))
        assert failed.value.netvisor_code == "AUTHENTICATION_FAILED"
        assert "credentials" in failed.value.message
        assert w.desk.keys.customer_key not in failed.value.message + failed.value.log
        assert w.paused == []


def test_a_clock_that_is_wrong_is_explained() -> None:
    with world() as w:
        client = w.client(now=lambda: w.now() - timedelta(minutes=30))
        with pytest.raises(RefusedBySettings, match="clock"):
            ask_something(client)


def test_each_message_has_a_transaction_id_of_its_own() -> None:
    with world() as w:
        client = w.client(transaction_id=lambda: "always-the-same")
        ask_something(client)
        with pytest.raises(Failure) as failed:
            ask_something(client)
        assert "REQUEST_NOT_UNIQUE" in failed.value.log
        ask_something(w.client())
        ask_something(w.client())
