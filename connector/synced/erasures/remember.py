"""Remember what was erased, and recognise it when its system brings it again."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Table, Uuid, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import BigInteger

from connector.accounts.refs import AccountRef
from connector.synced.drafts import Drafts
from connector.synced.erasures.models import ErasedRecord
from connector.synced.refusals import RecordRefusal
from connector.synced.shelves import Shelf, about_token, source_index
from connector.synced.statements import array
from privacy.core.db.arrays import Int8s, Uuids
from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring

_TABLE: Final = ErasedRecord.__table__
assert isinstance(_TABLE, Table)  # noqa: S101 - for the type checker
_C: Final = _TABLE.c

_ROWS: Final = (
    func.unnest(array("tokens"), array("contacts"))
    .table_valued(column("token", BigInteger), column("contact", Uuid))
    .render_derived(name="u")
)
_REMEMBER: Final = (
    insert(_TABLE)
    .from_select(
        ["tenant_id", "token", "contact_id", "account_id", "erased_at"],
        select(
            bindparam("tenant", type_=_C.tenant_id.type),
            _ROWS.c.token,
            _ROWS.c.contact,
            bindparam("account", type_=_C.account_id.type),
            bindparam("now", type_=_C.erased_at.type),
        ),
    )
    .on_conflict_do_nothing()
)
_AMONG: Final = select(ErasedRecord.token, ErasedRecord.contact_id).where(
    ErasedRecord.tenant_id == bindparam("tenant"), ErasedRecord.token == func.any(array("tokens"))
)


def remember_erased(
    work: UnitOfWork, *, account_id: uuid.UUID, contact_id: uuid.UUID, tokens: Iterable[int]
) -> None:
    """What these tokens lead to is not to be kept again, until somebody lifts it."""
    _remember(work, account_id, dict.fromkeys(tokens, contact_id))


def refuse_erased(
    work: UnitOfWork, *, vault: Keyring, shelf: Shelf[Any], account: AccountRef, drafts: Drafts
) -> None:
    """Move what is about an erased contact (or is it) from `drafts.good` to what is refused.

    What leads on from it is remembered as well: a payment of an invoice that is not kept.
    """
    tokens = {draft.about for draft in drafts.good.values() if draft.about is not None}
    gone = _among(work, tokens)
    met = [(gone[d.about], d) for d in drafts.good.values() if d.about in gone] if gone else []
    index, leads = source_index(work, vault), dict[int, uuid.UUID]()
    for contact_id, draft in met:
        del drafts.good[draft.id]
        drafts.refused.append((draft.id, RecordRefusal.ERASED))
        for name in draft.findings.leads:
            leads[about_token(index, account.id, shelf.kind, name)] = contact_id
    _remember(work, account.id, leads)


def _among(work: UnitOfWork, tokens: Collection[int]) -> Mapping[int | None, uuid.UUID]:
    if not tokens:
        return {}
    given = {"tenant": work.tenant_id, "tokens": Int8s.of(sorted(tokens))}
    return {row.token: row.contact_id for row in work.connection.execute(_AMONG, given)}


def _remember(work: UnitOfWork, account_id: uuid.UUID, tokens: Mapping[int, uuid.UUID]) -> None:
    if not tokens:
        return
    given = {
        "tenant": work.tenant_id,
        "tokens": Int8s.of(list(tokens)),
        "contacts": Uuids.of([contact.bytes for contact in tokens.values()]),
        "account": account_id,
        "now": work.now,
    }
    work.connection.execute(_REMEMBER, given)
