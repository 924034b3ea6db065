"""Which marketplace a key is of: keys of one name are one marketplace's, so that it can have a new
key; whatever one marketplace ordered, no other one reaches (ATTACK 34)."""

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Unauthenticated
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Index
from tenants.marketplace_keys.models import MarketplaceKey


def seller_of(work: UnitOfWork, ring: Keyring) -> bytes:
    """The marketplace in whose name `work`, which is bound to the installation, is done.

    Raises:
        Unauthenticated: the actor is no marketplace's key.
    """
    query = select(MarketplaceKey.name).where(MarketplaceKey.id == work.actor.id)
    name = work.session.scalar(query)
    if name is None:
        raise Unauthenticated
    return seller_named(work, ring, name)


def seller_named(work: UnitOfWork, ring: Keyring, name: str) -> bytes:
    """The keyed digest that stands for the marketplace of this name, however it is spaced."""
    plain = " ".join(name.split()).casefold()
    return ring.tenant_index(work, Index.CONTENT).digest(b"marketplace seller\0" + plain.encode())
