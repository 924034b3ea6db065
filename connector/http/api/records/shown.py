"""From opened records to what the API shows of them."""

from typing import Any

from connector.http.api.records.shapes import (
    Stored,
    StoredContact,
    StoredInvoice,
    StoredPayment,
    StoredProduct,
    StoredSubscription,
)
from connector.synced.columns import Doubt, RecordState
from connector.synced.shapes import Contact, Invoice, Payment, Product, Shape, Subscription
from connector.synced.views import RecordView


def contact_of(view: RecordView[Contact]) -> StoredContact:
    """A contact for an answer."""
    contact = view.record
    return StoredContact(
        **_about(view),
        **_fields(contact, StoredContact),
        numbers=view.numbers,
        vat_id_valid=_judged(view, contact.vat_id, Doubt.VAT_ID),
        company_register_number_valid=_judged(
            view, contact.company_register_number, Doubt.REGISTER_NUMBER
        ),
    )


def product_of(view: RecordView[Product]) -> StoredProduct:
    """A product for an answer."""
    return StoredProduct(**_about(view), **_fields(view.record, StoredProduct))


def payment_of(view: RecordView[Payment]) -> StoredPayment:
    """A payment for an answer."""
    return StoredPayment(**_about(view), **_fields(view.record, StoredPayment))


def subscription_of(view: RecordView[Subscription]) -> StoredSubscription:
    """A subscription for an answer."""
    return StoredSubscription(**_about(view), **_fields(view.record, StoredSubscription))


def invoice_of(
    view: RecordView[Invoice], payments: list[RecordView[Payment]] | None = None
) -> StoredInvoice:
    """An invoice for an answer, with its payments where they were asked for."""
    return StoredInvoice(
        **_about(view),
        **_fields(view.record, StoredInvoice),
        held=view.state is RecordState.HELD,
        hold_until=view.hold_until,
        payments=None if payments is None else [payment_of(each) for each in payments],
    )


def _about(view: RecordView[Any]) -> dict[str, Any]:
    return {
        "id": view.id,
        "version": view.version,
        "account": view.account_id,
        "external_id": view.external_id,
        "source": view.source,
        "source_name": view.source_name,
        "subject_group": view.subject_group,
        "first_seen_at": view.first_seen_at,
        "changed_at": view.changed_at,
        "restricted": view.restricted,
    }


def _fields(record: Shape, kind: type[Stored]) -> dict[str, Any]:
    """What a record and its answer both have."""
    names = set(record.__struct_fields__) & set(kind.__struct_fields__)
    return {name: getattr(record, name) for name in names}


def _judged(view: RecordView[Any], number: str, doubt: Doubt) -> bool | None:
    return None if not number else doubt not in view.doubts
