"""Partner Center's invoices, with who pays them (promise A7).

An invoice itself does not say who pays: that is the partner's own billing profile, which is kept
beside each invoice as it was when the invoice was read. Card numbers enter nowhere: a text with
one is left out before anything else happens with it.
"""

from typing import Any, Final

from connector.providers.microsoft.customers import full_name, read_address
from connector.providers.microsoft.documents import Declared, Values, pack, pick
from connector.providers.port import Received
from connector.synced.cards import holds_card
from connector.synced.shapes import Invoice, Payer

_IN_INVOICE: Final = (
    *("id", "invoiceDate", "invoiceDueDate", "totalCharges", "paidAmount", "currencyCode"),
    *("invoiceType", "documentType", "state", "purchaseOrderNumber"),
)
_IN_PLACE: Final = (
    *("country", "city", "addressLine1", "addressLine2", "postalCode", "firstName", "lastName"),
)
INVOICE: Final[Declared] = dict.fromkeys(_IN_INVOICE)
PAYER: Final[Declared] = {
    "companyName": None,
    "purchaseOrderNumber": None,
    "address": dict.fromkeys(_IN_PLACE),
}
"""What service M declares of a payer: name, address, reference."""


def received_invoice(raw: dict[str, Any], payer: dict[str, Any]) -> Received | None:
    """An invoice as Microsoft sent it, and the partner's billing profile (or nothing)."""
    told = _without_cards({"payer": pick(payer, PAYER)})
    return map_invoice(_without_cards(pick(raw, INVOICE)) | told)


def map_invoice(document: dict[str, Any]) -> Received | None:
    """A picked invoice."""
    said = Values(document)
    key = said.string("id")
    if not key:
        return None
    total, paid = said.decimal("totalCharges"), said.decimal("paidAmount")
    payer = _payer(said)
    invoice = Invoice(
        number=key,
        dated=said.day("invoiceDate"),
        due=said.day("invoiceDueDate"),
        customer_name=payer.name if payer else "",
        currency=said.string("currencyCode").upper()[:3],
        total=total,
        open_amount=total - paid if total is not None and paid is not None else None,
        status=(said.string("state") or said.string("documentType")).lower(),
        payer=payer,
    )
    return Received(external_id=key, record=invoice, document=pack(document))


def _payer(said: Values) -> Payer | None:
    profile = said.at("payer")
    place = profile.at("address")
    payer = Payer(
        name=profile.string("companyName") or full_name(place),
        address=read_address(place),
        reference=said.string("purchaseOrderNumber") or profile.string("purchaseOrderNumber"),
    )
    return payer if payer != Payer() else None


def _without_cards(document: dict[str, Any]) -> dict[str, Any]:
    """Every text that holds no card number."""
    kept: dict[str, Any] = {}
    for name, value in document.items():
        if isinstance(value, dict):
            kept[name] = _without_cards(value)
        elif not holds_card((str(value),)):
            kept[name] = value
    return kept
