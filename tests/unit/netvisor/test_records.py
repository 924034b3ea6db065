"""Answers as others have recorded them: erratic letters, missing and empty elements, both dates."""

from datetime import date, datetime
from decimal import Decimal

from connector.providers.netvisor import customers, invoices, payments, products
from connector.providers.netvisor.customers import ContactPerson
from connector.providers.netvisor.documents import read_nodes

HEAD = """<Root><ResponseStatus><Status>OK</Status><Timestamp>1.10.2009 16:03:24</Timestamp>
</ResponseStatus>"""


def rows(xml: str, wanted: frozenset[str]) -> list:  # type: ignore[type-arg]
    return list(read_nodes(f"{HEAD}{xml}</Root>".encode(), wanted))


def test_customer_list() -> None:
    xml = """<Customerlist><Customer><Netvisorkey>165</Netvisorkey><Name>Anni Asiakas</Name>
    <Code>AA</Code><OrganisationIdentifier>1234567-X</OrganisationIdentifier><CustomerGroupID/>
    <Uri>https://x.example/getcustomer.nv?id=165</Uri></Customer><Customer><Name>No key</Name>
    </Customer></Customerlist>"""
    found = [customers.read_customer_head(node) for node in rows(xml, customers.LISTED)]
    assert found == [
        customers.CustomerHead(
            netvisor_key=165, name="Anni Asiakas", code="AA", organisation_id="1234567-X"
        ),
        None,
    ]


def test_customer_with_everything() -> None:
    xml = """<Customer><CustomerBaseInformation><NetvisorKey>7</NetvisorKey>
    <InternalIdentifier>MM</InternalIdentifier><ExternalIdentifier /><Name>Maija Esimerkki</Name>
    <NameExtension /><StreetAddress>Esimerkkikuja 2</StreetAddress>
    <AdditionalStreetAddress>PL 1</AdditionalStreetAddress><City>Lappeenranta</City>
    <PostNumber>53100</PostNumber><Country type="ISO-3166">fi</Country>
    <PhoneNumber>+1 202 555 0143</PhoneNumber><Email>maija@example.com</Email>
    <EmailInvoicingAddress/><HomePageUri>www.example.com</HomePageUri><IsActive>1</IsActive>
    <IsPrivateCustomer>0</IsPrivateCustomer></CustomerBaseInformation>
    <CustomerFinvoiceDetails><FinvoiceAddress>003700000000</FinvoiceAddress>
    <FinvoiceRouterCode>EXAMPLE</FinvoiceRouterCode></CustomerFinvoiceDetails>
    <CustomerContactDetails><ContactPerson>Perttu</ContactPerson><ContactPersonEmail />
    <ContactPersonPhone>+44 20 7946 0001</ContactPersonPhone></CustomerContactDetails>
    <CustomerContactPersons><CustomerContactPerson><ContactPersonID>3</ContactPersonID>
    <ContactPersonFirstName>Åsa</ContactPersonFirstName><ContactPersonLastName>Exempel</ContactPersonLastName>
    <ContactPersonPhoneNumber>+46 31 3900 601</ContactPersonPhoneNumber><ContactPersonEmail/>
    </CustomerContactPerson></CustomerContactPersons>
    <CustomerAdditionalInformation><Comment/><ReferenceNumber>1070</ReferenceNumber>
    </CustomerAdditionalInformation></Customer>"""
    (node,) = rows(xml, customers.LISTED)
    customer = customers.read_customer(node)
    assert (customer.netvisor_key, customer.code, customer.organisation_id) == (7, "MM", None)
    assert (customer.country, customer.street_extension) == ("FI", "PL 1")
    assert (customer.is_active, customer.is_private) == (True, False)
    assert customer.contacts == (
        ContactPerson(name="Perttu", phone="+44 20 7946 0001"),
        ContactPerson(netvisor_key=3, name="Åsa Exempel", phone="+46 31 3900 601"),
    )
    assert (customer.reference, customer.unread) == ("1070", ())


def test_customer_with_nothing_and_with_nonsense() -> None:
    (node,) = rows("<Customer/>", customers.LISTED)
    assert customers.read_customer(node) == customers.Customer(netvisor_key=None)
    xml = """<customer><customerbaseinformation><netvisorkey>x</netvisorkey>
    <isactive>maybe</isactive>
    <country>FINLAND</country></customerbaseinformation></customer>"""
    (node,) = rows(xml, customers.LISTED)
    customer = customers.read_customer(node)
    assert (customer.netvisor_key, customer.is_active, customer.country) == (None, None, None)
    assert customer.unread == ("netvisorkey", "isactive")


def test_invoice_list() -> None:
    xml = """<SalesInvoiceList><SalesInvoice><NetvisorKey>165</NetvisorKey>
    <InvoiceNumber>5</InvoiceNumber><Invoicedate format="ansi">2013-11-09</Invoicedate>
    <InvoiceStatus substatus="Overdue">Open</InvoiceStatus><CustomerCode>MM</CustomerCode>
    <CustomerName>Matti Esimerkki</CustomerName><ReferenceNumber>1070</ReferenceNumber>
    <InvoiceSum>123,45</InvoiceSum><OpenSum>45,67</OpenSum></SalesInvoice>
    <SalesInvoice><NetvisorKey>166</NetvisorKey><InvoiceDate>9.11.2013</InvoiceDate>
    <InvoiceSum>a lot</InvoiceSum></SalesInvoice></SalesInvoiceList>"""
    first, second = [invoices.read_invoice_head(node) for node in rows(xml, invoices.LISTED)]
    assert first is not None
    assert second is not None
    assert (first.dated, first.status, first.substatus) == (date(2013, 11, 9), "open", "overdue")
    assert (first.amount, first.unpaid) == (Decimal("123.45"), Decimal("45.67"))
    assert (second.dated, second.amount, second.unread) == (first.dated, None, ("invoicesum",))


INVOICE = """<SalesInvoice><SalesInvoiceNumber>3</SalesInvoiceNumber>
<SalesInvoiceDate format="ansi">2012-01-27</SalesInvoiceDate>
<SalesInvoiceDueDate>11.2.2012</SalesInvoiceDueDate>
<SalesInvoiceReferencenumber>1070</SalesInvoiceReferencenumber>
<SalesInvoiceAmount iso4217currencycode="eur" currencyrate="1,0">244,00</SalesInvoiceAmount>
<InvoiceStatus status="unsent">Lähettämättä</InvoiceStatus>
<SalesInvoicePrivateComment>m</SalesInvoicePrivateComment>
<InvoicingCustomerName>Matti Esimerkki</InvoicingCustomerName>
<MatchPartialPaymentsByDefault>No</MatchPartialPaymentsByDefault>
<PaymentTermNetDays>14</PaymentTermNetDays><InvoiceLines>{}</InvoiceLines></SalesInvoice>"""
LINE = """<SalesInvoiceProductLine><productidentifier type="customer">{}</productidentifier>
<ProductName>Omena</ProductName><ProductUnitPrice>6,9000</ProductUnitPrice>
<ProductVatPercentage vatcode="KOMY">22</ProductVatPercentage>
<SalesInvoiceProductLineQuantity>2</SalesInvoiceProductLineQuantity>
<SalesInvoiceProductLineVatSum>3,04</SalesInvoiceProductLineVatSum>
<SalesInvoiceProductLineSum>16,84</SalesInvoiceProductLineSum></SalesInvoiceProductLine>"""
COMMENT = "<SalesInvoiceCommentLine><Comment>note</Comment></SalesInvoiceCommentLine>"


def test_invoice_lines_in_one_group_or_in_many() -> None:
    a, b = LINE.format("A"), LINE.format("B")
    together = f"<InvoiceLine>{a}{COMMENT}{b}</InvoiceLine>"
    apart = "".join(f"<InvoiceLine>{line}</InvoiceLine>" for line in (a, COMMENT, b))
    for lines in (together, apart):
        (node,) = rows(INVOICE.format(lines), invoices.LISTED)
        invoice = invoices.read_invoice(node)
        assert [line.product_code or line.comment for line in invoice.lines] == ["A", "note", "B"]
        assert invoice.lines[0].unit_price == Decimal("6.9")
        assert (invoice.lines[0].vat_percent, invoice.lines[0].vat_code) == (Decimal(22), "KOMY")
    assert (invoice.number, invoice.netvisor_key, invoice.due) == ("3", None, date(2012, 2, 11))
    assert (invoice.currency, invoice.status, invoice.partial_payments) == ("EUR", "unsent", False)
    assert (invoice.payment_days, invoice.private_comment) == (14, "m")


def test_an_invoice_without_lines() -> None:
    for lines in ("", "<InvoiceLine/>"):
        (node,) = rows(INVOICE.format(lines), invoices.LISTED)
        assert invoices.read_invoice(node).lines == ()


def test_payments_of_a_list_without_a_status() -> None:
    xml = """<Root><SalesPaymentList><SalesPayment><NetvisorKey>165</NetvisorKey>
    <Name>Matti Esimerkki</Name><Date>7.2.2014</Date><Sum>250</Sum>
    <ReferenceNumber>1094</ReferenceNumber><ForeignCurrencyAmount/><InvoiceNumber>1</InvoiceNumber>
    <BankStatus>FAILED</BankStatus>
    <BankStatusErrorDescription code="ERROR_IN_DUE_DATE">Eräpäivä virheellinen
    </BankStatusErrorDescription>
    <LastModifiedTimestamp>2014-02-08T10:00:00</LastModifiedTimestamp>
    </SalesPayment></SalesPaymentList></Root>"""
    (node,) = read_nodes(xml.encode(), payments.LISTED)
    paid = payments.read_payment(node)
    assert paid is not None
    assert (paid.paid_on, paid.amount) == (date(2014, 2, 7), Decimal(250))
    assert (paid.bank_status, paid.bank_error_code) == ("FAILED", "ERROR_IN_DUE_DATE")
    assert paid.modified_at == datetime(2014, 2, 8, 10)  # noqa: DTZ001


def test_products_and_deletions() -> None:
    xml = """<ProductList><Product><NetvisorKey>165</NetvisorKey><ProductCode>TT</ProductCode>
    <Name>Testituote</Name><UnitPrice>1,96</UnitPrice></Product></ProductList>"""
    (node,) = rows(xml, products.LISTED)
    product = products.read_product(node)
    assert product == products.Product(
        netvisor_key=165, code="TT", name="Testituote", unit_price=Decimal("1.96")
    )
    xml = """<DeletedSalesInvoices><DeletedSalesInvoice><netvisorkey>9</netvisorkey>
    <deletedate format="ansi">2026-11-20</deletedate></DeletedSalesInvoice>
    </DeletedSalesInvoices>"""
    (node,) = rows(xml, invoices.DELETED)
    gone = invoices.read_deleted_invoice(node)
    assert gone == invoices.DeletedInvoice(netvisor_key=9, deleted_on=date(2026, 11, 20))
