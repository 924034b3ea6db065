"""/api/v1/call-charges: what a month's calls cost, and the one invoice of each customer."""

import uuid
from decimal import Decimal
from typing import Annotated, Any, Final

import msgspec
from flask import Blueprint, Response
from msgspec import Meta

from connector.charging.months import (
    CustomerCharge,
    Month,
    MonthNotOver,
    NothingToBill,
    NotPriced,
    PricedLine,
    bill_month,
    preview_charges,
)
from connector.charging.moved import BilledToAnother
from connector.http.api.answers import answer
from connector.http.api.inputs import JSON, read_json, read_query
from connector.http.api.operations import Body, Operation, describes
from connector.http.api.trials import changing_work
from privacy.core.errors import Invalid, NotFound
from tenants.http.access import requires
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission

_Month = Annotated[
    str, Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$", description="A month in UTC, like 2026-10.")
]


class MonthQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which month."""

    month: _Month


class ChargedLine(msgspec.Struct, frozen=True):
    """Calls of one direction and country. Without prices nobody has said what they cost. Prices
    are without tax; minutes are to the hundredth, from whole seconds."""

    direction: str
    country: str
    calls: int
    minutes: Decimal
    per_call: Decimal | None
    per_minute: Decimal | None
    amount: Decimal


class ChargedCustomer(msgspec.Struct, frozen=True):
    """One customer's calls. `document_id`: the sales invoice that they have become, see
    `/v1/documents`."""

    contact_id: uuid.UUID
    lines: list[ChargedLine]
    amount: Decimal
    document_id: uuid.UUID | None


class CallCharges(msgspec.Struct, frozen=True):
    """A month. `unpaid`: calls of systems that nobody pays for. `uncounted`: calls that were
    erased, or gone with their day, before they were counted; nobody is billed for them."""

    month: str
    over: bool
    currency: str | None
    customers: list[ChargedCustomer]
    unpaid: int
    uncounted: int


class ChargeWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which customer's month becomes an invoice."""

    month: _Month
    contact_id: uuid.UUID


class ChargeDone(msgspec.Struct, frozen=True):
    """The document that it is, or has been already."""

    document_id: uuid.UUID
    state: str
    external_id: str | None


_CONTACT: Final = "0198c0de-0000-7000-8000-0000000000c1"
_DOCUMENT: Final = "0198c0de-0000-7000-8000-0000000000d1"
_EXAMPLE: Final[dict[str, Any]] = {
    "month": "2026-10",
    "over": True,
    "currency": "EUR",
    "customers": [
        {
            "contact_id": _CONTACT,
            "lines": [
                {
                    "direction": "outbound",
                    "country": "+358",
                    "calls": 120,
                    "minutes": "341.50",
                    "per_call": "0.02",
                    "per_minute": "0.05",
                    "amount": "19.48",
                }
            ],
            "amount": "19.48",
            "document_id": None,
        }
    ],
    "unpaid": 0,
    "uncounted": 0,
}


@requires(Permission.INVOICES_READ)
@describes(
    Operation(
        id="readCallCharges",
        summary="What a month's calls cost",
        description="By customer, from counts of system, direction and country; no call and no "
        "number is in them. Prices and payers are set in the console.",
        tag="charges",
        query=MonthQuery,
        answer=CallCharges,
        example=_EXAMPLE,
        problems=(Invalid,),
        mode=True,
    )
)
def read() -> Response:
    """A preview."""
    month = Month.parse(read_query(MonthQuery).month)
    with work_of_caller() as work:
        preview = preview_charges(work, vault=services().vault, month=month)
    return answer(
        CallCharges(
            str(month),
            preview.over,
            preview.prices.currency if preview.prices else None,
            [_customer(one) for one in preview.customers],
            preview.unpaid,
            preview.uncounted,
        )
    )


@requires(Permission.CHARGES_WRITE)
@describes(
    Operation(
        id="billCalls",
        summary="Bill a customer's month",
        description="It becomes one sales invoice in the books, exactly once: asking again gets "
        "the same document, whatever has come since.",
        tag="charges",
        body=Body(
            kinds={JSON: ChargeWish},
            examples={JSON: {"month": "2026-10", "contact_id": _CONTACT}},
            description="Which customer, which month.",
        ),
        answer=ChargeDone,
        example={"document_id": _DOCUMENT, "state": "waiting", "external_id": None},
        problems=(
            *(Invalid, NotFound, MonthNotOver, NotPriced, NothingToBill),
            BilledToAnother,
        ),
        mode=True,
    )
)
def bill() -> Response:
    """One invoice."""
    wish = read_json(ChargeWish)
    with changing_work() as work:
        made = bill_month(
            work,
            vault=services().vault,
            month=Month.parse(wish.month),
            contact_id=wish.contact_id,
        )
    return answer(ChargeDone(made.id, made.state, made.external_id))


def _customer(one: CustomerCharge) -> ChargedCustomer:
    billed = one.billed.id if one.billed else None
    return ChargedCustomer(one.contact_id, [_line(line) for line in one.lines], one.amount, billed)


def _line(line: PricedLine) -> ChargedLine:
    rule = line.rule
    return ChargedLine(
        line.direction,
        line.country,
        line.used.calls,
        line.minutes,
        rule.per_call if rule else None,
        rule.per_minute if rule else None,
        line.amount,
    )


def add_routes(api: Blueprint) -> None:
    """Add the operations to the API."""
    api.add_url_rule("/v1/call-charges", "read_call_charges", read)
    api.add_url_rule("/v1/call-charges", "bill_calls", bill, methods=["POST"])
