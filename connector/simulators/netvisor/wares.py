"""productlist and salespaymentlist."""

from connector.simulators.netvisor.answers import element, succeeded
from connector.simulators.netvisor.questions import Question


def product_list(question: Question) -> bytes:
    """All, or those changed since."""
    since = question.moment("changedsince")
    rows = [
        element(
            "Product",
            element("NetvisorKey", entry.key),
            element("ProductCode", entry.code),
            element("Name", entry.name),
            element("UnitPrice", entry.price),
            element("UnitGrossPrice", entry.price * (100 + entry.vat_percent) / 100),
            element("Uri", f"getproduct.nv?id={entry.key}"),
        )
        for entry in question.books.products.values()
        if since is None or entry.modified_at >= since
    ]
    return succeeded(question.now, element("ProductList", *rows))


def payment_list(question: Question) -> bytes:
    """Those modified within a time, above a key. Dates here are in the Finnish form."""
    since, until = question.moment("lastmodifiedstart"), question.moment("lastmodifiedend")
    above = question.key("abovenetvisorkey") or 0
    found = [
        entry
        for entry in question.books.payments.values()
        if (since is None or entry.modified_at >= since)
        and (until is None or entry.modified_at <= until)
        and entry.key > above
    ]
    rows = [
        element(
            "SalesPayment",
            element("NetvisorKey", entry.key),
            element("Name", entry.payer),
            element("Date", entry.paid_on),
            element("Sum", entry.amount),
            element("ReferenceNumber", entry.invoice_number * 10),
            element("ForeignCurrencyAmount"),
            element("InvoiceNumber", entry.invoice_number),
            element("BankStatus", "OK"),
        )
        for entry in found[: question.list_limit]
    ]
    return succeeded(question.now, element("SalesPaymentList", *rows))
