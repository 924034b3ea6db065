"""salesinvoicelist, getsalesinvoice, salesinvoice, deletedsalesinvoices."""

from datetime import timedelta
from decimal import Decimal
from typing import Final

from connector.providers.netvisor.documents import Node
from connector.providers.netvisor.values import read_date, read_decimal, read_key
from connector.simulators.netvisor.answers import Element, day, element, inserted, succeeded
from connector.simulators.netvisor.books import InvoiceEntry, LineEntry
from connector.simulators.netvisor.orders import SALES_INVOICE, check_order
from connector.simulators.netvisor.questions import Question
from connector.simulators.netvisor.refusals import invalid

DELETIONS_KEPT: Final = timedelta(days=7)
_TEXTS: Final = (
    *("FreeTextBeforeLines", "FreeTextAfterLines", "OurReference", "YourReference"),
    "PrivateComment",
)
_DELIVERY: Final = (
    *("AddressName", "AddressLine", "AddressPostnumber", "AddressTown", "AddressCountryCode"),
    *("Method", "Term"),
)
_ADDRESS: Final = (
    *(("Addressline", "streetaddress"), ("AdditionalAddressLine", "additionaladdressline")),
    *(("Postnumber", "postnumber"), ("Town", "city"), ("CountryCode", "country")),
)


def invoice_list(question: Question) -> bytes:
    """Those modified within a time, of a customer, above a key."""
    since, until = question.moment("lastmodifiedstart"), question.moment("lastmodifiedend")
    above, customer = question.key("invoicesabovenetvisorkey"), question.key("customernetvisorkey")
    found = [
        entry
        for entry in question.books.invoices.values()
        if (since is None or entry.modified_at >= since)
        and (until is None or entry.modified_at <= until)
        and entry.key > (above or 0)
        and customer in (None, entry.customer_key)
    ]
    rows = [_row(question, entry) for entry in found[: question.list_limit]]
    return succeeded(question.now, element("SalesInvoiceList", *rows))


def get_invoice(question: Question) -> bytes:
    """One by `netvisorkey`, or several by `netvisorkeylist`."""
    invoices = question.books.invoices
    if "netvisorkeylist" in question.query:
        found = [invoices.get(key) for key in question.keys("netvisorkeylist")]
        rows = [_written(question, entry) for entry in found if entry is not None]
        return succeeded(question.now, element("SalesInvoices", *rows))
    entry = invoices.get(question.key("netvisorkey") or 0)
    if entry is None:
        raise invalid("Sales invoice not found")
    return succeeded(question.now, _written(question, entry))


def post_invoice(question: Question) -> bytes:
    """`method=add` alone: what was sent to a customer is not edited."""
    node = question.document("salesinvoice")
    if question.query.get("method", "").lower() != "add":
        raise invalid("Parameter method is add")
    check_order(node, SALES_INVOICE, complete=True)
    try:
        entry = _entry(question, node)
    except ValueError:
        raise invalid("A date or a number is none") from None
    question.books.invoices[entry.key] = entry
    return inserted(question.now, entry.key)


def deleted_invoices(question: Question) -> bytes:
    """Those of the last seven days, whatever was asked for."""
    oldest = question.now - DELETIONS_KEPT
    since = max(question.moment("deletedsince") or oldest, oldest)
    rows = [
        element("DeletedSalesInvoice", element("NetvisorKey", key), day("DeleteDate", at.date()))
        for key, at in question.books.deleted_invoices.items()
        if at >= since
    ]
    return succeeded(question.now, element("DeletedSalesInvoices", *rows))


def _entry(question: Question, node: Node) -> InvoiceEntry:
    customer = _customer(question, node.at("invoicingcustomeridentifier"))
    dated = read_date(node.said("salesinvoicedate"))
    due = read_date(node.said("salesinvoiceduedate"))
    days = read_decimal(node.said("paymenttermnetdays"))
    if dated is None:
        raise invalid("salesinvoicedate is empty")
    if due is None and days is None and node.child("paymentterm") is None:
        raise invalid("paymentterm, paymenttermnetdays or salesinvoiceduedate must be given")
    net_days = int(days) if days is not None else ((due or dated) - dated).days
    status = node.said("salesinvoicestatus").lower()
    if status not in ("open", "unsent"):
        raise invalid("salesinvoicestatus is open or unsent")
    books, lines = question.books, _lines(node)
    numbers = (entry.number for entry in books.invoices.values())
    texts = {name: node.said(f"salesinvoice{name.lower()}") for name in _TEXTS}
    entry = InvoiceEntry(
        *(books.new_key(), question.now, customer, max(numbers, default=999) + 1, dated),
        *(due or dated + timedelta(days=net_days), net_days, status, lines, texts),
    )
    entry.unpaid = entry.amount
    return entry


def _customer(question: Question, node: Node) -> int:
    """By netvisor key or by the company's own code."""
    kind, text = node.attributes.get("type", ""), node.text.strip()
    customers = question.books.customers
    if kind == "netvisor" and (key := read_key(text)) in customers:
        return key or 0
    if kind == "customer":
        for entry in customers.values():
            if entry.said("internalidentifier") == text:
                return entry.key
    raise invalid("Invoicing customer not found")


def _lines(node: Node) -> list[LineEntry]:
    found = [line for group in node.at("invoicelines").children for line in group.children]
    return [_product(line) if line.child("productidentifier") else _comment(line) for line in found]


def _comment(line: Node) -> LineEntry:
    return LineEntry(comment=line.said("comment"))


def _product(line: Node) -> LineEntry:
    def number(name: str) -> Decimal:
        return read_decimal(line.said(name)) or Decimal(0)

    return LineEntry(
        line.said("productidentifier"),
        line.said("productname"),
        number("productunitprice"),
        number("productvatpercentage"),
        line.at("productvatpercentage").attributes.get("vatcode", "NONE"),
        number("salesinvoiceproductlinequantity"),
        line.said("salesinvoiceproductlinefreetext"),
    )


def _row(question: Question, entry: InvoiceEntry) -> Element:
    customer = question.books.customers.get(entry.customer_key)
    late = entry.status == "open" and entry.due < question.now.date()
    return element(
        "SalesInvoice",
        element("NetvisorKey", entry.key),
        element("InvoiceNumber", entry.number),
        day("Invoicedate", entry.dated),
        day("InvoiceDueDate", entry.due),
        element("InvoiceStatus", entry.status, **({"substatus": "overdue"} if late else {})),
        element("CustomerNetvisorKey", entry.customer_key),
        element("CustomerCode", customer.said("internalidentifier") if customer else ""),
        element("CustomerName", customer.said("name") if customer else ""),
        element("ReferenceNumber", entry.number * 10),
        element("InvoiceSum", entry.amount),
        element("OpenSum", entry.unpaid),
        element("Uri", f"getsalesinvoice.nv?netvisorkey={entry.key}"),
    )


def _written(question: Question, entry: InvoiceEntry) -> Element:
    customer = question.books.customers.get(entry.customer_key)
    return element(
        "SalesInvoice",
        element("SalesInvoiceNetvisorKey", entry.key),
        element("SalesInvoiceNumber", entry.number),
        day("SalesInvoiceDate", entry.dated),
        day("SalesInvoiceDeliveryDate", entry.dated),
        day("SalesInvoiceDueDate", entry.due),
        element("SalesInvoiceReferencenumber", entry.number * 10),
        element("SalesInvoiceAmount", entry.amount),
        element("SellerIdentifier", type="name"),
        element("InvoiceStatus", entry.status.capitalize(), status=entry.status),
        *(element(f"SalesInvoice{name}", entry.texts.get(name, "")) for name in _TEXTS),
        element("InvoicingCustomerCode", customer.said("internalidentifier") if customer else ""),
        element("InvoicingCustomerName", customer.said("name") if customer else ""),
        element("InvoicingCustomerNameExtension"),
        element("InvoicingCustomerNetvisorKey", entry.customer_key),
        *(
            element(f"InvoicingCustomer{name}", customer.said(said) if customer else "")
            for name, said in _ADDRESS
        ),
        element("MatchPartialPaymentsByDefault", "No"),
        *(element(f"Delivery{name}") for name in _DELIVERY),
        element("PaymentTermNetDays", entry.payment_days),
        element("PaymentTermCashDiscountDays", 0),
        element("PaymentTermCashDiscount", 0, type="percentage"),
        element("InvoiceLines", *(_line(question, line) for line in entry.lines)),
    )


def _line(question: Question, line: LineEntry) -> Element | None:
    if line.comment:
        if question.query.get("showcommentlines") != "1":
            return None
        comment = element("SalesInvoiceCommentLine", element("Comment", line.comment))
        return element("InvoiceLine", comment)
    product = element(
        "SalesInvoiceProductLine",
        element("productidentifier", line.code, type="customer"),
        element("ProductName", line.name),
        element("ProductUnitPrice", line.price),
        element("ProductPurchasePrice", 0),
        element("ProductVatPercentage", line.vat_percent, vatcode=line.vat_code),
        element("SalesInvoiceProductLineQuantity", line.quantity),
        element("SalesInvoiceProductLineDiscountPercentage", 0),
        element("SalesInvoiceProductLineFreeText", line.text),
        element("SalesInvoiceProductLineVatSum", line.vat),
        element("SalesInvoiceProductLineSum", line.net + line.vat),
        element("AccountingAccountSuggestion"),
        element("ProvisionPercentage", 0),
    )
    return element("InvoiceLine", product)
