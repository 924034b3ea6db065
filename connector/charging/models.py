"""What is charged: counts without people in them, prices, and which company pays for a system."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKeyConstraint,
    Numeric,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal
from tenants.columns import moment, reference, row_id


class UsageDay(TenantOwned, Base):
    """Calls of one day, system, direction and country: counts that identify nobody (promise B5).

    `country`: of calls out, the calling code of who was called, like `+358`, or the longest
    beginning of the number that had a price when it was counted; else empty.
    """

    __tablename__ = "usage_days"

    day: Mapped[date] = mapped_column(Date, primary_key=True, info=impersonal("a day"))
    account_id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("random id")
    )
    direction: Mapped[str] = mapped_column(Text, primary_key=True, info=impersonal("a direction"))
    country: Mapped[str] = mapped_column(
        Text, primary_key=True, info=impersonal("calling code of a country")
    )
    calls: Mapped[int] = mapped_column(BigInteger, info=impersonal("a count"))
    seconds: Mapped[int] = mapped_column(BigInteger, info=impersonal("a sum"))
    counted_at: Mapped[datetime] = moment("a day was counted")


class CallPriceList(TenantOwned, Base):
    """Prices from a day on; without tax. `rules`: see connector.charging.prices.Rule."""

    __tablename__ = "call_price_lists"
    __table_args__ = (
        UniqueConstraint("tenant_id", "valid_from"),
        CheckConstraint("vat_percent BETWEEN 0 AND 100", name="vat_percent"),
    )

    id: Mapped[uuid.UUID] = row_id()
    valid_from: Mapped[date] = mapped_column(Date, info=impersonal("a day"))
    currency: Mapped[str] = mapped_column(Text, info=impersonal("ISO 4217"))
    vat_percent: Mapped[Decimal] = mapped_column(Numeric, info=impersonal("a percentage"))
    vat_code: Mapped[str] = mapped_column(
        Text, server_default="", default="", info=impersonal("a word of the books")
    )
    product_code: Mapped[str] = mapped_column(Text, info=impersonal("a product in the books"))
    rules: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, info=impersonal("prices"))
    saved_at: Mapped[datetime] = moment("prices were saved")


class CallPayer(TenantOwned, Base):
    """Which customer of the books pays for a system's calls."""

    __tablename__ = "call_payers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "account_id"], ["connector_accounts.tenant_id", "connector_accounts.id"]
        ),
    )

    account_id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, info=impersonal("random id")
    )
    contact_id: Mapped[uuid.UUID] = reference(impersonal("keyed digest of a company's record"))
    set_at: Mapped[datetime] = moment("a payer was named")
