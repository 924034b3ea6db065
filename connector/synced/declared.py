"""What a service's profile says of a kind of record: which fields, whose, how long."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from connector.accounts.kinds import KINDS, AccountKind
from connector.synced.shapes import SHAPES, RecordKind
from connector.synced.shelves import Shelf
from privacy.core.db.declarations import Retention, Subjects
from privacy.core.db.work import UnitOfWork
from privacy.profiles import Profile
from privacy.profiles.data import Source
from privacy.profiles.derived import derived_profile


@dataclass(frozen=True)
class Declared:
    """What holds for all records of one kind of one service."""

    subjects: Subjects
    source: Source
    obliged: bool
    undeclared: Mapping[str, Any]
    """Fields that the profile leaves out, and what stands in them instead (promise A12)."""

    def strip(self, record: Any) -> Any:
        """The record without what nobody declared."""
        if all(getattr(record, name) == default for name, default in self.undeclared.items()):
            return record
        return msgspec.structs.replace(record, **self.undeclared)


def declared_of(work: UnitOfWork, shelf: Shelf[Any], kind: AccountKind) -> Declared:
    """What the tenant's profile behind an account says.

    Raises:
        Misconfigured: it declares no such data, so none may be kept.
    """
    if not shelf.personal:
        return Declared(Subjects.CUSTOMERS_OF_CUSTOMERS, Source.CUSTOMER, False, {})
    return _declared(derived_profile(work, KINDS[kind].service), shelf.kind)


def _declared(rules: Profile, kind: RecordKind) -> Declared:
    said, shape = rules.kind(kind.value), SHAPES[kind]
    left_out = {
        field.encode_name: field.default
        for field in msgspec.structs.fields(shape)
        if field.name not in said.declared_fields and field.default is not msgspec.NODEFAULT
    }
    obliged = said.retention is Retention.FINANCIAL
    return Declared(said.subjects, said.sources[0], obliged, left_out)
