"""Requests: order, empty elements, characters."""

from datetime import date
from decimal import Decimal
from io import StringIO

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from connector.providers.netvisor.documents import Node, read_nodes
from connector.providers.netvisor.drafts import CustomerDraft, InvoiceDraft, LineDraft
from connector.providers.netvisor.requests import customer_request, invoice_request
from connector.simulators.netvisor.orders import CUSTOMER, SALES_INVOICE, check_order

FULL = CustomerDraft(
    **{field.name: "1" for field in msgspec.structs.fields(CustomerDraft)}
    | {"is_active": True, "is_private": False, "country": "FI"}  # type: ignore[arg-type]
)
INVOICE = InvoiceDraft(
    marker="silta:0192",
    dated=date(2026, 11, 22),
    delivered=date(2026, 11, 21),
    customer_key=5,
    payment_days=14,
    currency="EUR",
    our_reference="o",
    your_reference="y",
    text_before_lines="before",
    lines=(
        LineDraft(
            product_code="CALLS",
            product_name="Puhelut & Äänet <1>",
            unit_price=Decimal("0.0490"),
            vat_percent=Decimal("25.5"),
            quantity=Decimal(1000),
            text="t",
        ),
    ),
    comments=("one", "two"),
)


def parsed(body: bytes, name: str) -> Node:
    (node,) = read_nodes(body, frozenset({name}))
    return node


def test_a_full_customer_is_in_the_order_of_the_dtd() -> None:
    node = parsed(customer_request(FULL), "customer")
    check_order(node, CUSTOMER, complete=True)
    base = node.at("customerbaseinformation")
    assert (base.said("isactive"), base.said("isprivatecustomer")) == ("1", "0")
    assert base.at("country").attributes == {"type": "ISO-3166"}
    told = sum(len(group.children) for group in node.children)
    assert told == len(msgspec.structs.fields(CustomerDraft))


def test_none_is_left_out_and_empty_clears() -> None:
    body = customer_request(CustomerDraft(phone="", comment=""))
    assert b"<phonenumber/>" in body
    assert b"<comment/>" in body
    assert b"email" not in body
    assert b"customercontactdetails" not in body


def test_an_invoice_is_in_the_order_of_the_dtd() -> None:
    node = parsed(invoice_request(INVOICE), "salesinvoice")
    check_order(node, SALES_INVOICE, complete=True)
    line = node.at("invoicelines", "invoiceline", "salesinvoiceproductline")
    assert line.said("productname") == "Puhelut & Äänet <1>"
    assert line.said("productunitprice") == "0,0490"
    assert line.said("productvatpercentage") == "25,5"
    assert line.at("productvatpercentage").attributes == {"vatcode": "KOMY"}
    assert node.at("salesinvoicedate").attributes == {"format": "ansi"}
    assert node.said("salesinvoiceprivatecomment") == "silta:0192"
    assert node.at("salesinvoiceamount").attributes == {"iso4217currencycode": "EUR"}
    assert len(node.at("invoicelines").children) == 3


DTD = (
    """<!ELEMENT root (salesinvoice)>
<!ELEMENT salesinvoice (salesinvoicedate, salesinvoicedeliverydate?, salesinvoiceamount,
 salesinvoicestatus, salesinvoicefreetextbeforelines?, salesinvoiceourreference?,
 salesinvoiceyourreference?, salesinvoiceprivatecomment?, invoicingcustomeridentifier,
 paymenttermnetdays, invoicelines)>
<!ELEMENT invoicelines (invoiceline+)>
<!ELEMENT invoiceline (salesinvoiceproductline|salesinvoicecommentline)>
<!ELEMENT salesinvoiceproductline (productidentifier, productname, productunitprice,
 productvatpercentage, salesinvoiceproductlinequantity, salesinvoiceproductlinefreetext?)>
<!ELEMENT salesinvoicecommentline (comment)>
"""
    + "\n".join(
        f"<!ELEMENT {name} (#PCDATA)>"
        for name in (
            *("salesinvoicedate", "salesinvoicedeliverydate", "salesinvoiceamount"),
            *("salesinvoicestatus", "salesinvoicefreetextbeforelines", "salesinvoiceourreference"),
            *("salesinvoiceyourreference", "salesinvoiceprivatecomment", "paymenttermnetdays"),
            *(
                "invoicingcustomeridentifier",
                "productidentifier",
                "productname",
                "productunitprice",
            ),
            *("productvatpercentage", "salesinvoiceproductlinequantity", "comment"),
            "salesinvoiceproductlinefreetext",
        )
    )
    + "\n<!ATTLIST salesinvoiceamount iso4217currencycode CDATA #IMPLIED>"
    + "".join(
        f"\n<!ATTLIST {name} {attribute} CDATA #REQUIRED>"
        for name, attribute in (
            *(("salesinvoicedate", "format"), ("salesinvoicedeliverydate", "format")),
            *(("salesinvoicestatus", "type"), ("invoicingcustomeridentifier", "type")),
            *(("productidentifier", "type"), ("productunitprice", "type")),
            ("productvatpercentage", "vatcode"),
        )
    )
)


def test_a_dtd_itself_accepts_it() -> None:
    dtd = etree.DTD(StringIO(DTD))
    assert dtd.validate(etree.fromstring(invoice_request(INVOICE))), dtd.error_log


@given(st.text(max_size=80))
def test_any_text_can_be_sent(text: str) -> None:
    draft = CustomerDraft(code="c", name=text)
    base = parsed(customer_request(draft), "customer").at("customerbaseinformation")
    assert base.child("name") is not None


@pytest.mark.parametrize("marker", ["", "two words", "ä", " x"])
def test_markers_that_could_not_be_found_again(marker: str) -> None:
    with pytest.raises(ValueError, match="marker"):
        msgspec.structs.replace(INVOICE, marker=marker)


def test_an_invoice_has_lines() -> None:
    with pytest.raises(ValueError, match="line"):
        msgspec.structs.replace(INVOICE, lines=())
