"""Blind tokens of identities: equal for equal people of one tenant, and nothing else.

A token can stand alone once everything else about a person is erased, so no row could be opened
to compare: it is the whole digest, 256 bits, and its key does not rotate.
"""

from collections.abc import Iterable

from privacy.core.db.work import UnitOfWork
from privacy.identities.shapes import Identity
from privacy.vault.derivations import canonical
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Index


def tokens_of(work: UnitOfWork, vault: Keyring, identities: Iterable[Identity]) -> list[bytes]:
    """The token of each, 32 bytes, in order."""
    index = vault.tenant_index(work, Index.PEOPLE)
    return [
        index.digest(canonical(one.way.encode(), one.text.encode("utf-8", "surrogatepass")))
        for one in identities
    ]
