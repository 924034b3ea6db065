"""What contacts are found by: keyed digests of the tenant's, equal for equal texts only."""

import uuid
from typing import Final

from sqlalchemy import Table, Uuid, bindparam, column, delete, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.types import BigInteger, Text

from connector.contacts.kinds import TokenKind
from connector.contacts.models import ContactToken
from connector.synced.shelves import Words
from connector.synced.statements import array
from privacy.core.db.arrays import Int8s, Uuids
from privacy.core.db.work import UnitOfWork
from privacy.vault.derivations import canonical
from privacy.vault.keyring import Keyring
from privacy.vault.keys import TenantIndex
from privacy.vault.labels import Index

_TABLE: Final = ContactToken.__table__
assert isinstance(_TABLE, Table)  # noqa: S101 - for the type checker
_C: Final = _TABLE.c

_FORGET: Final = delete(_TABLE).where(
    _C.tenant_id == bindparam("tenant"), _C.contact_id == func.any(array("ids"))
)
_ROWS: Final = (
    func.unnest(bindparam("kinds", type_=ARRAY(Text)), array("tokens"), array("ids"))
    .table_valued(column("kind", Text), column("token", BigInteger), column("id", Uuid))
    .render_derived(name="u")
)
_KEEP: Final = (
    insert(_TABLE)
    .from_select(
        ["tenant_id", "kind", "token", "contact_id"],
        select(
            bindparam("tenant", type_=Uuid()),
            _ROWS.c.kind,
            _ROWS.c.token,
            _ROWS.c.id,
        ),
    )
    .on_conflict_do_nothing()
)


def keep_words(work: UnitOfWork, vault: Keyring, words: Words) -> None:
    """Make contacts (by id) found by these texts, and by none that they had before."""
    ids = sorted(words)
    work.connection.execute(_FORGET, {"tenant": work.tenant_id, "ids": Uuids.of(ids)})
    index = token_index(work, vault)
    rows = [(kind, token_of(index, kind, text), i) for i in ids for kind, text in words[i]]
    if not rows:
        return
    given = {
        "tenant": work.tenant_id,
        "kinds": [kind for kind, _, _ in rows],
        "tokens": Int8s.of([token for _, token, _ in rows]),
        "ids": Uuids.of([identifier for _, _, identifier in rows]),
    }
    work.connection.execute(_KEEP, given)


def token_index(work: UnitOfWork, vault: Keyring) -> TenantIndex:
    """The key of these tokens."""
    return vault.tenant_index(work, Index.CONTACT)


def token_of(index: TenantIndex, kind: str, text: str) -> int:
    """The token of one text, truncated: every hit must be opened and compared."""
    message = canonical(kind.encode(), text.encode("utf-8", "surrogatepass"))
    return int.from_bytes(index.digest(message)[:8], "big", signed=True)


def contacts_with(
    work: UnitOfWork, vault: Keyring, *, kind: TokenKind, text: str
) -> list[uuid.UUID]:
    """Ids of contacts that may have this text."""
    token = token_of(token_index(work, vault), kind.value, text)
    found = select(ContactToken.contact_id).where(
        ContactToken.kind == kind.value, ContactToken.token == token
    )
    return list(work.session.scalars(found.order_by(ContactToken.contact_id).limit(500)))
