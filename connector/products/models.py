"""Products: what a tenant sells."""

from connector.synced.columns import RecordColumns
from privacy.core.db.base import Base
from privacy.core.db.declarations import impersonal
from privacy.vault.labels import Scope
from privacy.vault.reseals import SealedColumn, register


class Product(RecordColumns, Base):
    """Something that a tenant sells."""

    __tablename__ = "products"
    __holds__ = impersonal("a tenant's price list, sealed")


for _column in ("sealed", "document_sealed"):
    register(
        SealedColumn("products", _column, Scope.DOCUMENTS, "product", version_column="version")
    )
