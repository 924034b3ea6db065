"""Payments of a tenant's invoices."""

from connector.synced.columns import RecordColumns
from privacy.core.db.base import Base
from privacy.core.db.declarations import LegalBasis, Purpose, Retention, Subjects, personal
from privacy.vault.labels import Scope
from privacy.vault.reseals import SealedColumn, register


class Payment(RecordColumns, Base):
    """One payment: who paid, when, under which reference (promise A7)."""

    __tablename__ = "payments"
    __holds__ = personal(
        "user.payment",
        purpose=Purpose.DELIVERY,
        basis=LegalBasis.OBLIGATION,
        retention=Retention.FINANCIAL,
        subjects=Subjects.CUSTOMERS_OF_CUSTOMERS,
    )


for _column in ("sealed", "document_sealed"):
    register(
        SealedColumn("payments", _column, Scope.DOCUMENTS, "payment", version_column="version")
    )
