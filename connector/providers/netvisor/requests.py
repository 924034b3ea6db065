"""Requests as XML, in the order of Netvisor's DTDs, which refuse any other."""

import re
from typing import Final

from lxml import etree

from connector.providers.netvisor.drafts import CustomerDraft, InvoiceDraft, LineDraft
from connector.providers.netvisor.values import write_date, write_decimal, write_flag

_ILLEGAL = re.compile("[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD\\U00010000-\\U0010FFFF]")
_COUNTRY: Final = "ISO-3166"

Pair = tuple[str, str | None]


def customer_request(draft: CustomerDraft) -> bytes:
    """The body of customer.nv."""
    root, customer = _root("customer")
    base = _add(customer, "customerbaseinformation")
    _texts(base, ("internalidentifier", draft.code), ("externalidentifier", draft.organisation_id))
    _texts(base, ("name", draft.name), ("nameextension", draft.name_extension))
    _texts(base, ("streetaddress", draft.street), ("additionaladdressline", draft.street_extension))
    _texts(base, ("city", draft.city), ("postnumber", draft.postal_code))
    if draft.country is not None:
        _add(base, "country", draft.country, type=_COUNTRY)
    _texts(base, ("customergroupname", draft.group), ("phonenumber", draft.phone))
    _texts(base, ("email", draft.email), ("homepageuri", draft.home_page))
    _texts(base, ("isactive", _flag(draft.is_active)))
    _texts(base, ("isprivatecustomer", _flag(draft.is_private)))
    _texts(base, ("emailinvoicingaddress", draft.invoicing_email))
    _group(
        customer,
        "customerfinvoicedetails",
        ("finvoiceaddress", draft.einvoice_address),
        ("finvoiceroutercode", draft.einvoice_operator),
    )
    _group(
        customer,
        "customercontactdetails",
        ("contactperson", draft.contact_person),
        ("contactpersonemail", draft.contact_email),
        ("contactpersonphone", draft.contact_phone),
    )
    _group(customer, "customeradditionalinformation", ("comment", draft.comment))
    return _written(root)


def invoice_request(draft: InvoiceDraft) -> bytes:
    """The body of salesinvoice.nv. Netvisor adds up the amount."""
    root, invoice = _root("salesinvoice")
    _dates_and_amount(invoice, draft)
    _references(invoice, draft)
    _payer(invoice, draft)
    _lines(_add(invoice, "invoicelines"), draft)
    return _written(root)


def _dates_and_amount(invoice: etree._Element, draft: InvoiceDraft) -> None:
    _add(invoice, "salesinvoicedate", write_date(draft.dated), format="ansi")
    if draft.delivered is not None:
        _add(invoice, "salesinvoicedeliverydate", write_date(draft.delivered), format="ansi")
    amount = _add(invoice, "salesinvoiceamount")
    if draft.currency is not None:
        amount.set("iso4217currencycode", draft.currency)
    _add(invoice, "salesinvoicestatus", draft.status, type="netvisor")


def _references(invoice: etree._Element, draft: InvoiceDraft) -> None:
    """What people read, and the marker by which it is found again."""
    _texts(invoice, ("salesinvoicefreetextbeforelines", draft.text_before_lines))
    _texts(invoice, ("salesinvoiceourreference", draft.our_reference))
    _texts(invoice, ("salesinvoiceyourreference", draft.your_reference))
    _texts(invoice, ("salesinvoiceprivatecomment", draft.marker))


def _payer(invoice: etree._Element, draft: InvoiceDraft) -> None:
    _add(invoice, "invoicingcustomeridentifier", str(draft.customer_key), type="netvisor")
    _texts(invoice, ("paymenttermnetdays", str(draft.payment_days)))


def _lines(into: etree._Element, draft: InvoiceDraft) -> None:
    for line in draft.lines:
        _product_line(_add(_add(into, "invoiceline"), "salesinvoiceproductline"), line)
    for comment in draft.comments:
        _texts(_add(_add(into, "invoiceline"), "salesinvoicecommentline"), ("comment", comment))


def _product_line(into: etree._Element, line: LineDraft) -> None:
    _add(into, "productidentifier", line.product_code, type="customer")
    _add(into, "productname", line.product_name)
    _add(into, "productunitprice", write_decimal(line.unit_price), type="net")
    _add(into, "productvatpercentage", write_decimal(line.vat_percent), vatcode=line.vat_code)
    _add(into, "salesinvoiceproductlinequantity", write_decimal(line.quantity))
    _texts(into, ("salesinvoiceproductlinefreetext", line.text))


def _root(name: str) -> tuple[etree._Element, etree._Element]:
    root = etree.Element("root")
    return root, _add(root, name)


def _add(into: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(into, name, attributes)
    element.text = _ILLEGAL.sub(" ", text) or None
    return element


def _texts(into: etree._Element, *pairs: Pair) -> None:
    for name, text in pairs:
        if text is not None:
            _add(into, name, text)


def _group(into: etree._Element, name: str, *pairs: Pair) -> None:
    """An element around these, unless all are left as they are."""
    if any(text is not None for _, text in pairs):
        _texts(_add(into, name), *pairs)


def _flag(value: bool | None) -> str | None:
    return None if value is None else write_flag(value)


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)
