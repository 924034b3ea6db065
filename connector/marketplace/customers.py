"""Which tenant a customer of the marketplace is."""

import uuid

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from connector.marketplace.models import MarketplaceCustomer
from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Index
from tenants.marketplace_keys.sellers import seller_of


def tenant_of_customer(work: UnitOfWork, vault: Keyring, *, customer_id: str) -> uuid.UUID:
    """The customer's tenant; a new id where there is none, or none any more.

    `work` is bound to the installation, and done by a marketplace's key: its customers are its
    own. Two orders of one new customer get the same id.
    """
    index = vault.tenant_index(work, Index.CONTENT)
    digest = index.digest(b"marketplace customer\0" + seller_of(work, vault) + customer_id.encode())
    row = {
        "tenant_id": work.tenant_id,
        "customer_digest": digest,
        "member_tenant_id": new_id(),
        "created_at": work.now,
    }
    # Whoever comes back after the end of everything begins with nothing.
    statement = insert(MarketplaceCustomer).values(row)
    anew = {"member_tenant_id": row["member_tenant_id"], "created_at": work.now, "ended_at": None}
    work.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "customer_digest"],
            set_=anew,
            where=MarketplaceCustomer.ended_at.is_not(None),
        )
    )
    found: uuid.UUID = work.session.scalars(
        select(MarketplaceCustomer.member_tenant_id).where(
            MarketplaceCustomer.customer_digest == digest
        )
    ).one()
    return found


def customer_tenants(work: UnitOfWork) -> list[uuid.UUID]:
    """Every tenant that a marketplace made and whose data is not destroyed."""
    query = select(MarketplaceCustomer.member_tenant_id).where(
        MarketplaceCustomer.ended_at.is_(None)
    )
    return list(work.session.scalars(query.order_by(MarketplaceCustomer.member_tenant_id)))


def end_customer(work: UnitOfWork, *, member_tenant_id: uuid.UUID) -> None:
    """Note that a customer's data was destroyed."""
    work.session.execute(
        update(MarketplaceCustomer)
        .where(MarketplaceCustomer.member_tenant_id == member_tenant_id)
        .values(ended_at=work.now)
    )
