"""Where subscriptions are kept."""

from typing import Final

import msgspec
from sqlalchemy import Table

from connector.subscriptions import models
from connector.synced.kept import Kept
from connector.synced.shapes import RecordKind, Subscription
from connector.synced.shelves import Circumstances, Findings, Shelf
from privacy.vault.labels import Scope

_TABLE = models.Subscription.__table__
assert isinstance(_TABLE, Table)  # noqa: S101 - for the type checker


def findings_of(subscription: Subscription, _external_id: str, _seen: Circumstances) -> Findings:
    """Whose it is."""
    return Findings(about=(RecordKind.CONTACTS, subscription.customer))


SUBSCRIPTIONS: Final[Shelf[Subscription]] = Shelf(
    kind=RecordKind.SUBSCRIPTIONS,
    table=_TABLE,
    scope=Scope.DOCUMENTS,
    word="subscription",
    shape=Subscription,
    decoder=msgspec.msgpack.Decoder(Kept[Subscription]),
    read=findings_of,
)
