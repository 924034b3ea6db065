"""Charges that are asked for, and what the simulated books have of them."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from connector.outgoing.charges import Charge, ChargeLine, bill_charge
from connector.outgoing.models import OutgoingDocument
from connector.outgoing.request import (
    Requested,
    find_document,
)
from tests.functional.syncs.benches import Engine


def a_charge(e: Engine, source: str = "m365-2026-10", **changes: Any) -> Charge:
    """Three licences of a month, for the first customer of the simulated books."""
    customer = str(next(iter(e.world.desk.books.customers)))
    line = ChargeLine(
        code="LIC-M365",
        name="Licence, monthly",
        quantity=Decimal(3),
        unit_price=Decimal("10.80"),
        vat_percent=Decimal("25.5"),
    )
    said: dict[str, Any] = {
        "source": source,
        "customer": customer,
        "since": date(2026, 10, 1),
        "until": date(2026, 10, 31),
        "lines": (line,),
        "dated": date(2026, 11, 2),
    }
    return Charge(**(said | changes))


def ask(e: Engine, account_id: uuid.UUID, charge: Charge) -> Requested:
    """Ask for its invoice."""
    with e.tenant.work() as work:
        return bill_charge(work, vault=e.tenant.vault, account_id=account_id, charge=charge)


def document(e: Engine, asked: Requested) -> OutgoingDocument:
    """The row of what was asked for."""
    with e.tenant.work() as work:
        return find_document(work, asked.id)


def added(e: Engine, before: int) -> int:
    """Invoices that the books have besides those before."""
    return len(e.world.desk.books.invoices) - before
