"""What goes out arrives once, whatever happens to the answer."""

from datetime import date
from decimal import Decimal
from itertools import count

import msgspec
import pytest

from connector.outbound.failures import Failure, FailureKind
from connector.providers.netvisor import reading, sending
from connector.providers.netvisor.drafts import CustomerDraft, InvoiceDraft, LineDraft
from connector.providers.netvisor.envelope import RefusedForContent
from tests.functional.netvisor.worlds import World, world

NEW = CustomerDraft(code="NEW-1", name="Äiti & Poika Oy", country="FI", email="new@example.com")
LINE = LineDraft(
    product_code="CALLS",
    product_name="Call minutes",
    unit_price=Decimal("0.049"),
    vat_percent=Decimal("25.5"),
    quantity=Decimal(1000),
)
LOSING = ("lost_answer", "truncated_xml", "malformed_xml", "dtd_attack", "empty_answer")
"""Faults after which it was done and nobody was told."""
NOT_DONE = ("lost_request", "500", "technical_error", "duplicate_transaction")
"""Faults after which it may have been done, and was not."""


def invoice(w: World, marker: str = "silta:1") -> InvoiceDraft:
    key = next(iter(w.desk.books.customers))
    return InvoiceDraft(
        marker=marker, dated=date(2026, 11, 1), customer_key=key, payment_days=14, lines=(LINE,)
    )


def test_a_customer_is_added_and_changed() -> None:
    with world() as w:
        client = w.client()
        created = sending.add_customer(client, NEW, attempted_before=False)
        assert not created.found
        (customer,) = reading.read_customers(client, [created.netvisor_key])
        assert (customer.name, customer.country, customer.code) == (NEW.name, "FI", "NEW-1")
        change = CustomerDraft(name="Uusi nimi", email="")
        sending.change_customer(client, created.netvisor_key, change)
        (customer,) = reading.read_customers(client, [created.netvisor_key])
        assert (customer.name, customer.email, customer.country) == ("Uusi nimi", None, "FI")


def test_an_invoice_arrives_with_its_amount() -> None:
    with world() as w:
        client = w.client()
        draft = msgspec.structs.replace(invoice(w), comments=("Thank you",), our_reference="r")
        created = sending.add_invoice(client, draft, first_tried_at=w.now(), attempted_before=False)
        (found,) = reading.read_invoices(client, [created.netvisor_key])
        assert found.amount == Decimal("61.50")
        assert (found.private_comment, found.our_reference) == ("silta:1", "r")
        assert [line.product_code or line.comment for line in found.lines] == ["CALLS", "Thank you"]


@pytest.mark.parametrize("fault", [*LOSING, *NOT_DONE])
@pytest.mark.parametrize("times", [1, 2])
def test_an_invoice_is_added_exactly_once(fault: str, times: int) -> None:
    with world() as w:
        before = len(w.desk.books.invoices)
        w.fault(fault, times=times, resource="salesinvoice")
        created = sending.add_invoice(
            w.client(), invoice(w), first_tried_at=w.now(), attempted_before=False
        )
        assert len(w.desk.books.invoices) == before + 1
        assert created.netvisor_key in w.desk.books.invoices
        assert created.found is (fault in LOSING)


@pytest.mark.parametrize("fault", [*LOSING, *NOT_DONE])
def test_a_customer_is_added_exactly_once(fault: str) -> None:
    with world() as w:
        w.fault(fault, resource="customer")
        sending.add_customer(w.client(), NEW, attempted_before=False)
        codes = [e.said("internalidentifier") for e in w.desk.books.customers.values()]
        assert codes.count("NEW-1") == 1


def test_who_died_after_sending_looks_first() -> None:
    with world() as w:
        draft, started = invoice(w), w.now()
        first = sending.add_invoice(
            w.client(), draft, first_tried_at=started, attempted_before=False
        )
        again = sending.add_invoice(
            w.client(), draft, first_tried_at=started, attempted_before=True
        )
        assert again.netvisor_key == first.netvisor_key
        assert again.found
        assert w.desk.counts["salesinvoice"] == 1


def test_another_invoice_of_the_customer_is_not_taken_for_it() -> None:
    with world() as w:
        client, started = w.client(), w.now()
        for marker in ("silta:1", "silta:11", "xsilta:1"):
            draft = invoice(w, marker)
            made = sending.add_invoice(client, draft, first_tried_at=started, attempted_before=True)
            assert not made.found


def test_who_looked_and_found_nothing_knows_that_it_is_not_there() -> None:
    with world() as w:
        w.fault("period_lock", resource="salesinvoice")
        with pytest.raises(Failure) as failed:
            sending.add_invoice(
                w.client(), invoice(w), first_tried_at=w.now(), attempted_before=True
            )
        assert not failed.value.maybe_done
        assert w.desk.counts["salesinvoicelist"] == 1
        assert "salesinvoice" not in w.desk.counts


def test_when_looking_fails_too_it_stays_open() -> None:
    with world() as w:
        w.fault("lost_answer", resource="salesinvoice")
        w.fault("500", times=-1, resource="salesinvoicelist")
        draft, started = invoice(w), w.now()
        with pytest.raises(Failure) as failed:
            sending.add_invoice(w.client(), draft, first_tried_at=started, attempted_before=False)
        assert failed.value.maybe_done
        assert failed.value.kind is FailureKind.TRANSIENT
        w.desk.faults.clear()
        made = sending.add_invoice(w.client(), draft, first_tried_at=started, attempted_before=True)
        assert made.found
        assert w.desk.counts["salesinvoice"] == 1


def test_nothing_is_repeated_without_end() -> None:
    with world() as w:
        before = len(w.desk.books.invoices)
        w.fault("technical_error", times=-1, resource="salesinvoice")
        with pytest.raises(Failure) as failed:
            sending.add_invoice(
                w.client(), invoice(w), first_tried_at=w.now(), attempted_before=False
            )
        assert failed.value.maybe_done
        assert w.paused == [30.0, 30.0, 30.0]
        assert len(w.desk.books.invoices) == before


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("period_lock", FailureKind.CONFIGURATION),
        ("service_access", FailureKind.CONFIGURATION),
        ("wrong_mac", FailureKind.CONFIGURATION),
    ],
)
def test_what_waiting_does_not_help_is_not_repeated(fault: str, kind: FailureKind) -> None:
    with world() as w:
        w.fault(fault, resource="salesinvoice")
        with pytest.raises(Failure) as failed:
            sending.add_invoice(
                w.client(), invoice(w), first_tried_at=w.now(), attempted_before=False
            )
        assert (failed.value.kind, failed.value.maybe_done) == (kind, False)
        assert w.paused == []


def test_a_long_break_is_left_to_the_schedule() -> None:
    with world() as w:
        for fault, seconds in (("maintenance", 900.0), ("429", 300.0)):
            w.fault(fault, resource="salesinvoice", seconds=300)
            with pytest.raises(Failure) as failed:
                sending.add_invoice(
                    w.client(), invoice(w), first_tried_at=w.now(), attempted_before=False
                )
            assert failed.value.retry_after == seconds
            assert not failed.value.maybe_done
        assert w.paused == []


def test_a_code_that_is_taken_finds_who_has_it() -> None:
    with world() as w:
        entry = w.desk.books.customers[5]
        draft = CustomerDraft(code=entry.said("internalidentifier"), name="Somebody")
        created = sending.add_customer(w.client(), draft, attempted_before=False)
        assert created.netvisor_key == 5
        assert created.found


def test_content_that_netvisor_refuses() -> None:
    with world() as w:
        draft = msgspec.structs.replace(invoice(w), customer_key=999_999)
        with pytest.raises(RefusedForContent) as failed:
            sending.add_invoice(w.client(), draft, first_tried_at=w.now(), attempted_before=False)
        assert failed.value.netvisor_code == "INVALID_DATA"
        with pytest.raises(ValueError, match="code"):
            sending.add_customer(w.client(), CustomerDraft(name="x"), attempted_before=False)


def test_a_repetition_is_another_message() -> None:
    with world() as w:
        ids = count()
        client = w.client(transaction_id=lambda: f"t{next(ids)}")
        w.fault("duplicate_transaction", times=2, resource="customer")
        sending.change_customer(client, 5, CustomerDraft(phone=""))
        assert next(ids) == 3
        assert w.paused == [2.0, 10.0]
