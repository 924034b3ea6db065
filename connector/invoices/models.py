"""Sales invoices of a tenant."""

from connector.synced.columns import RecordColumns
from privacy.core.db.base import Base
from privacy.core.db.declarations import LegalBasis, Purpose, Retention, Subjects, personal
from privacy.vault.labels import Scope
from privacy.vault.reseals import SealedColumn, register


class Invoice(RecordColumns, Base):
    """One invoice; it can outlive everything else (promise B3)."""

    __tablename__ = "invoices"
    __holds__ = personal(
        "user.financial",
        purpose=Purpose.DELIVERY,
        basis=LegalBasis.OBLIGATION,
        retention=Retention.FINANCIAL,
        subjects=Subjects.CUSTOMERS_OF_CUSTOMERS,
    )


for _column in ("sealed", "document_sealed"):
    register(
        SealedColumn("invoices", _column, Scope.DOCUMENTS, "invoice", version_column="version")
    )
