"""customerlist, getcustomer, customer, deletecustomer."""

from typing import Final

from connector.providers.netvisor.documents import Node
from connector.simulators.netvisor.answers import Element, element, inserted, succeeded
from connector.simulators.netvisor.books import CustomerEntry, Group
from connector.simulators.netvisor.orders import CUSTOMER, check_order
from connector.simulators.netvisor.questions import Question
from connector.simulators.netvisor.refusals import Refusal, invalid

_SEARCHED: Final = ("name", "internalidentifier", "externalidentifier", "nameextension")
_GROUPS: Final = (
    ("CustomerFinvoiceDetails", ("FinvoiceAddress", "FinvoiceRouterCode")),
    (
        "CustomerDeliveryDetails",
        ("DeliveryName", "DeliveryStreetAddress", "DeliveryCity", "DeliveryPostNumber"),
    ),
    ("CustomerContactDetails", ("ContactPerson", "ContactPersonEmail", "ContactPersonPhone")),
)
_BASE: Final = (
    *("InternalIdentifier", "ExternalIdentifier", "Name", "NameExtension", "StreetAddress"),
    *("City", "PostNumber", "PhoneNumber", "FaxNumber", "Email", "EmailInvoicingAddress"),
    *("HomePageUri", "IsActive", "IsPrivateCustomer"),
)


def customer_list(question: Question) -> bytes:
    """With a keyword, `changedsince` is ignored."""
    since = None if question.query.get("keyword") else question.moment("changedsince")
    keyword = question.query.get("keyword", "").lower()
    rows = [
        element(
            "Customer",
            element("Netvisorkey", entry.key),
            element("Name", entry.said("name")),
            element("Code", entry.said("internalidentifier")),
            element("OrganisationIdentifier", entry.said("externalidentifier")),
            element("Uri", f"getcustomer.nv?id={entry.key}"),
        )
        for entry in question.books.customers.values()
        if (since is None or entry.modified_at >= since) and _has(entry, keyword)
    ]
    return succeeded(question.now, element("Customerlist", *rows))


def get_customer(question: Question) -> bytes:
    """One by `id`, or several by `idlist`."""
    if "idlist" not in question.query:
        return succeeded(question.now, _written(_one(question)))
    found = [question.books.customers.get(key) for key in question.keys("idlist")]
    rows = [_written(entry) for entry in found if entry is not None]
    return succeeded(question.now, element("Customers", *rows))


def post_customer(question: Question) -> bytes:
    """`method=add`, or `method=edit` with `id`."""
    node = question.document("customer")
    method = question.query.get("method", "").lower()
    check_order(node, CUSTOMER, complete=method == "add")
    groups = {group.name: _texts_of(group.children) for group in node.children}
    code = groups.get("customerbaseinformation", {}).get("internalidentifier", "")
    if method == "edit":
        entry = _one(question)
        _refuse_twice(question, code, unless=entry.key)
        for name, texts in groups.items():
            entry.groups.setdefault(name, {}).update(texts)
        entry.modified_at = question.now
        return succeeded(question.now)
    if method != "add":
        raise invalid("Parameter method is add or edit")
    _refuse_twice(question, code, unless=None)
    if not groups["customerbaseinformation"].get("name"):
        raise invalid("Customer needs a name")
    key = question.books.new_key()
    question.books.customers[key] = CustomerEntry(key, question.now, groups)
    return inserted(question.now, key)


def delete_customer(question: Question) -> bytes:
    """By `customerid` or `id`; not while it has invoices."""
    entry = _one(question)
    if any(each.customer_key == entry.key for each in question.books.invoices.values()):
        raise invalid("Customer has invoices and cannot be deleted")
    del question.books.customers[entry.key]
    return succeeded(question.now)


def _one(question: Question) -> CustomerEntry:
    key = question.key("customerid", "id")
    entry = question.books.customers.get(key or 0)
    if entry is None:
        raise invalid(f"Customer not found with Netvisor identifier: {key}")
    return entry


def _refuse_twice(question: Question, code: str, *, unless: int | None) -> None:
    entries = question.books.customers.values()
    if code and any(e.said("internalidentifier") == code and e.key != unless for e in entries):
        raise Refusal("DUPLICATE_DATA", "A customer with this code exists")


def _has(entry: CustomerEntry, keyword: str) -> bool:
    return any(keyword in entry.said(name).lower() for name in _SEARCHED)


def _texts_of(children: list[Node]) -> Group:
    return {child.name: child.text.strip() for child in children}


def _written(entry: CustomerEntry) -> Element:
    base = [element(name, entry.said(name.lower())) for name in _BASE]
    country = element("Country", entry.said("country"), type="ISO-3166")
    more = "customeradditionalinformation"
    return element(
        "Customer",
        element("CustomerBaseInformation", element("NetvisorKey", entry.key), *base, country),
        *(
            element(
                group, *(element(name, entry.said(name.lower(), group.lower())) for name in names)
            )
            for group, names in _GROUPS
        ),
        element(
            "CustomerAdditionalInformation",
            element("Comment", entry.said("comment", more)),
            element("ReferenceNumber", entry.said("customerreferencenumber", more)),
            element("BalanceLimit", entry.said("balancelimit", more)),
        ),
    )
