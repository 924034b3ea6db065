"""How a user is found by e-mail address without the address being stored in the clear."""

from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Index
from tenants.emails import folded


def email_digest(ring: Keyring, work: UnitOfWork, email: str) -> bytes:
    """Keyed digest of the folded address, under the index key of `work`'s tenant."""
    return ring.tenant_index(work, Index.EMAIL).digest(folded(email).encode())
