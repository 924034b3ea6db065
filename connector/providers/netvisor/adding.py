"""Customers and sales invoices that others made, as Netvisor wants them."""

from connector.outbound.failures import SystemFailure
from connector.outgoing.shapes import Outgoing, OutgoingCustomer, OutgoingInvoice
from connector.providers.netvisor.client import NetvisorClient
from connector.providers.netvisor.drafts import CustomerDraft, InvoiceDraft, LineDraft
from connector.providers.netvisor.sending import add_customer, add_invoice, change_customer
from connector.providers.sending import Added, Attempt


class NotSendable(SystemFailure):
    """It lacks what Netvisor insists on, or holds what it cannot read. Nothing was sent."""

    code = "netvisor_not_sendable"
    message = "Netvisor could not read this. Nothing was sent."


def add(client: NetvisorClient, thing: Outgoing, attempt: Attempt) -> Added:
    """Add it exactly once, or change what is there. Raises Failure."""
    try:
        draft = customer_draft(thing) if isinstance(thing, OutgoingCustomer) else None
        bill = invoice_draft(thing, attempt) if isinstance(thing, OutgoingInvoice) else None
    except ValueError:
        raise NotSendable(log="a draft that is not complete") from None
    if isinstance(thing, OutgoingCustomer) and thing.external_id and draft is not None:
        change_customer(client, _key(thing.external_id), draft)
        return Added(thing.external_id, found=False)
    if draft is not None:
        created = add_customer(client, draft, attempted_before=attempt.repeated)
    elif bill is not None:
        created = add_invoice(
            client,
            bill,
            first_tried_at=attempt.first_tried_at,
            attempted_before=attempt.repeated,
        )
    else:
        raise NotSendable(log="neither a customer nor an invoice")
    return Added(str(created.netvisor_key), created.found)


def _key(external_id: str) -> int:
    if not (external_id.isascii() and external_id.isdigit()):
        raise NotSendable(log="a customer is named by Netvisor's key")
    return int(external_id)


def customer_draft(customer: OutgoingCustomer) -> CustomerDraft:
    """Raises ValueError."""
    if not customer.code or not customer.name:
        raise ValueError("a customer has a code and a name")
    place = customer.address
    return CustomerDraft(
        code=customer.code,
        name=customer.name,
        is_active=True,
        is_private=customer.is_person,
        organisation_id=customer.company_register_number or None,
        street=(place.street or None) if place else None,
        postal_code=(place.postcode or None) if place else None,
        city=(place.city or None) if place else None,
        country=(place.country or None) if place else None,
        phone=customer.phone or None,
        email=customer.email or None,
        contact_person=customer.contact_person or None,
    )


def invoice_draft(invoice: OutgoingInvoice, attempt: Attempt) -> InvoiceDraft:
    """Raises ValueError."""
    if not (invoice.customer.isascii() and invoice.customer.isdigit()):
        raise ValueError("a customer is named by Netvisor's key")
    return InvoiceDraft(
        marker=attempt.marker,
        dated=invoice.dated,
        customer_key=int(invoice.customer),
        payment_days=invoice.payment_days,
        currency=invoice.currency or None,
        our_reference=invoice.our_reference or None,
        your_reference=invoice.your_reference or None,
        lines=tuple(
            LineDraft(
                product_code=line.product_code,
                product_name=line.product_name,
                unit_price=line.unit_price,
                vat_percent=line.vat_percent,
                quantity=line.quantity,
                vat_code=line.vat_code or ("KOMY" if line.vat_percent else "NONE"),
                text=line.text or None,
            )
            for line in invoice.lines
        ),
    )
