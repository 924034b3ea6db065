"""Subscriptions: what a tenant's customers have (promise A15)."""

from connector.synced.columns import RecordColumns
from privacy.core.db.base import Base
from privacy.core.db.declarations import LegalBasis, Purpose, Retention, Subjects, personal
from privacy.vault.labels import Scope
from privacy.vault.reseals import SealedColumn, register


class Subscription(RecordColumns, Base):
    """A service or product that a customer has, since when."""

    __tablename__ = "subscriptions"
    __holds__ = personal(
        "user.account",
        purpose=Purpose.DELIVERY,
        basis=LegalBasis.CONTRACT,
        retention=Retention.SUBSCRIPTION,
        subjects=Subjects.CUSTOMERS_OF_CUSTOMERS,
    )


for _column in ("sealed", "document_sealed"):
    register(
        SealedColumn(
            "subscriptions", _column, Scope.DOCUMENTS, "subscription", version_column="version"
        )
    )
