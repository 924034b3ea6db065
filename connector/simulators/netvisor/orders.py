"""The order in which requests must tell things, as Netvisor's DTDs have it.

A name ends in `?` when it may be missing, `*` for any number, `+` for at least one. Elements
within are a table of their own; None is text.
"""

from collections.abc import Mapping
from typing import Final

from connector.providers.netvisor.documents import Node
from connector.simulators.netvisor.refusals import invalid

Table = Mapping[str, "Table | None"]


def _texts(names: str) -> dict[str, "Table | None"]:
    return dict.fromkeys(names.split())


CUSTOMER: Final[Table] = {
    "customerbaseinformation": _texts(
        "internalidentifier? externalidentifier? organizationunitnumber? name? nameextension? "
        "streetaddress? additionaladdressline? city? postnumber? country? customergroupname? "
        "phonenumber? faxnumber? email? homepageuri? isactive? isprivatecustomer? "
        "emailinvoicingaddress?"
    ),
    "customerfinvoicedetails?": _texts("finvoiceaddress? finvoiceroutercode?"),
    "customerdeliverydetails?": _texts(
        "deliveryname? deliverystreetaddress? deliverycity? deliverypostnumber? deliverycountry?"
    ),
    "customercontactdetails?": _texts(
        "contactname? contactperson? contactpersonemail? contactpersonphone?"
    ),
    "customeradditionalinformation?": _texts(
        "comment? customeragreementidentifier? customerreferencenumber? directdebitbankaccount? "
        "invoicinglanguage? invoiceprintchannelformat? yourdefaultreference? "
        "defaulttextbeforeinvoicelines? defaulttextafterinvoicelines? defaultpaymentterm? "
        "defaultsecondname? paymentinterest? balancelimit? receivablesmanagementautomationrule? "
        "factoringaccount? taxhandlingtype? eustandardfinvoice?"
    )
    | {"defaultsalesperson?": _texts("salespersonid?")},
    "customerdimensiondetails?": {"dimension+": _texts("dimensionname dimensionitem")},
}

_PRODUCT_LINE: Final[Table] = {
    **_texts(
        "productidentifier productname productunitprice productunitpurchaseprice? "
        "productvatpercentage salesinvoiceproductlinequantity "
        "salesinvoiceproductlinediscountpercentage? salesinvoiceproductlinefreetext? "
        "salesinvoiceproductlinevatsum? salesinvoiceproductlinesum? "
        "salesinvoiceproductlineinventoryid? accountingaccountsuggestion? skipaccrual?"
    ),
    "dimension*": _texts("dimensionname dimensionitem"),
    **_texts("provisionpercentage?"),
    "accrualrule?": _texts("startmonth? startyear? endmonth? endyear? divisioncurvename?"),
    **_texts("productunitname? deliverydate? ordernumber? proposedaccount? accountdimensiontext?"),
}

SALES_INVOICE: Final[Table] = {
    **_texts(
        "salesinvoicenumber? salesinvoicedate salesinvoiceeventdate? salesinvoiceduedate? "
        "salesinvoicevaluedate? salesinvoicedeliverydate? salesinvoicedeliverytocustomerdate? "
        "salesinvoicewaybillidentifier? salesinvoiceproductpackagepallet? "
        "salesinvoicereferencenumber? salesinvoiceamount selleridentifier? sellername? "
        "invoicetype? salesinvoicestatus salesinvoicefreetextbeforelines? "
        "salesinvoicefreetextafterlines? salesinvoiceourreference? salesinvoiceyourreference? "
        "salesinvoiceprivatecomment? invoicingcustomeridentifier invoicingcustomername? "
        "invoicingcustomernameextension? invoicingcustomeraddressline? "
        "invoicingcustomeradditionaladdressline? invoicingcustomerpostnumber? "
        "invoicingcustomertown? invoicingcustomercountrycode? officeidentifier? deliveryoffice? "
        "deliveryaddressname? deliveryaddressnameextension? deliveryaddressline? "
        "deliveryaddresspostnumber? deliveryaddresstown? deliveryaddresscountrycode? "
        "deliverymethod? deliveryterm? salesinvoicetaxhandlingtype? paymentterm? "
        "paymenttermnetdays? paymenttermcashdiscountdays? paymenttermcashdiscount? "
        "expectpartialpayments? trydirectdebitlink? "
        "overridevouchersalesreceivablesaccountnumber? salesinvoiceagreementidentifier? "
        "invoicesubjecttype? printchannelformat? secondname? overriderateofoverdue? ordernumber? "
        "proposedaccount? accountdimensiontext? collectioncost? isthirdpartysales?"
    ),
    "invoicelines": {
        "invoiceline+": {
            "salesinvoiceproductline?": _PRODUCT_LINE,
            "salesinvoicecommentline?": _texts("comment"),
        }
    },
    "invoicevoucherlines?": {
        "voucherline+": {
            **_texts("linesum description? accountnumber vatpercent skipaccrual?"),
            "dimension*": _texts("dimensionname dimensionitem"),
        }
    },
    "salesinvoiceattachments?": {
        "salesinvoiceattachment+": _texts(
            "mimetype attachmentdescription filename documentdata printbydefault?"
        )
    },
    "customtags?": {"tag*": _texts("tagname tagvalue")},
}


def check_order(node: Node, table: Table, *, complete: bool) -> None:
    """Raises Refusal for unknown, misplaced and (if `complete`) missing elements."""
    names = [key.rstrip("?*+") for key in table]
    many = {key.rstrip("?*+") for key in table if key[-1] in "*+"}
    needed = {key.rstrip("+") for key in table if key[-1] not in "?*"}
    seen: set[str] = set()
    at = 0
    for child in node.children:
        if child.name not in names:
            raise invalid(f"Unexpected element {child.name} in {node.name}")
        place = names.index(child.name)
        if place < at or (child.name in seen and child.name not in many):
            raise invalid(f"Element {child.name} is in the wrong place in {node.name}")
        at = place
        seen.add(child.name)
        within = _table_of(table, child.name)
        if within is not None:
            check_order(child, within, complete=complete)
        elif child.children:
            raise invalid(f"Element {child.name} holds text only")
    if complete and needed - seen:
        raise invalid(f"Element {min(needed - seen)} is missing in {node.name}")


def _table_of(table: Table, name: str) -> Table | None:
    return next(within for key, within in table.items() if key.rstrip("?*+") == name)
