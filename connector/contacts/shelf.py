"""Where contacts are kept."""

from typing import Final

import msgspec
from sqlalchemy import Table

from connector.contacts import models
from connector.contacts.findings import findings_of
from connector.contacts.tokens import keep_words
from connector.synced.kept import Kept
from connector.synced.shapes import Contact, RecordKind
from connector.synced.shelves import Shelf
from privacy.vault.labels import Scope

_TABLE = models.Contact.__table__
assert isinstance(_TABLE, Table)  # noqa: S101 - for the type checker

CONTACTS: Final[Shelf[Contact]] = Shelf(
    kind=RecordKind.CONTACTS,
    table=_TABLE,
    scope=Scope.CONTACTS,
    word="contact",
    shape=Contact,
    decoder=msgspec.msgpack.Decoder(Kept[Contact]),
    read=findings_of,
    keep_words=keep_words,
)
