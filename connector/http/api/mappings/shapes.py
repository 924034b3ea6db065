"""Mappings as the API reads and shows them."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from msgspec import UNSET, Meta, UnsetType

from connector.calls.rejections import Rejection
from connector.calls.shapes import CallRecord, Direction
from connector.mappings.read import MappingView
from connector.mappings.settings import PARTS
from connector.mappings.trial import LONGEST, Trial, Tried
from connector.providers.moontalk.settings import Name, Paths
from connector.providers.moontalk.times import TimeFormat

Number = Annotated[str, Meta(min_length=1, max_length=60)]
_Based = Annotated[
    int, Meta(ge=0, description="The version that you changed; 0: nobody has saved one.")
]


class MappingParts(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Where a document has what. What is left out is as usual; `paths` for one of our fields
    replace its usual places, and none at all means that it is never sent."""

    paths: dict[str, Paths] | UnsetType = UNSET
    records: Annotated[tuple[Name, ...], Meta(max_length=12)] | UnsetType = UNSET
    times: TimeFormat | UnsetType = UNSET
    directions: Annotated[dict[Name, Direction], Meta(max_length=60)] | UnsetType = UNSET
    direction: Direction | UnsetType | None = UNSET
    called: Annotated[str, Meta(max_length=60)] | UnsetType = UNSET
    own_numbers: Annotated[tuple[Number, ...], Meta(max_length=200)] | UnsetType = UNSET
    extension_digits: Annotated[int, Meta(ge=1, le=9)] | UnsetType = UNSET


class MappingWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A mapping in the place of the present one."""

    mapping: MappingParts
    based_on: _Based


class SavedVersion(msgspec.Struct, frozen=True):
    """Where the account stands now; the version before, where nothing was different."""

    version: int


class StoredMapping(msgspec.Struct, frozen=True):
    """The mapping that counts. `version` 0: nobody has saved one, and the usual places count.
    `usual` are the places that are looked at for each of our fields unless `paths` says others.
    """

    account: uuid.UUID
    version: int
    mapping: dict[str, Any]
    usual: dict[str, list[str]]


class Version(msgspec.Struct, frozen=True):
    """A mapping as it was saved."""

    version: int
    saved_at: datetime
    saved_by: uuid.UUID | None
    mapping: dict[str, Any]


class Versions(msgspec.Struct, frozen=True):
    """A page, the newest first. Without `next_cursor` it is the last one."""

    versions: list[Version]
    next_cursor: int | None


class VersionQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which page."""

    cursor: (
        Annotated[int, Meta(ge=1, description="next_cursor of the page before, unchanged.")] | None
    ) = None
    limit: Annotated[int, Meta(ge=1, le=100, description="The most that a page holds.")] = 20


class TrialWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A document as the system sends it, as text; `mapping` to try, or the one that counts."""

    sample: Annotated[str, Meta(min_length=1, max_length=LONGEST)]
    mapping: MappingParts | None = None


class TriedValue(msgspec.Struct, frozen=True):
    """What the document says for one of our fields. `unread`: it is not written as the mapping
    says."""

    field: str
    sent: str | None
    unread: bool


class TriedCall(msgspec.Struct, frozen=True):
    """One call: as it would be stored, or why it would not be."""

    index: int
    call: dict[str, Any] | None
    rejection: Rejection | None
    fields: list[TriedValue]


class Outcome(msgspec.Struct, frozen=True):
    """What a sample says. `count` calls were found, the first twenty are told. `paths`: each path
    of the first call, and which of our fields comes from it; null: it is dropped. `problem`: the
    sample cannot be read at all."""

    count: int
    calls: list[TriedCall]
    paths: dict[str, str | None]
    problem: str | None


def parts_in(given: MappingParts) -> dict[str, Any]:
    """As the use cases take it."""
    made: dict[str, Any] = msgspec.to_builtins(given)
    return made


def mapping_of(view: MappingView) -> dict[str, Any]:
    """Every part as it counts."""
    settings = msgspec.to_builtins(view.settings)
    return {name: settings[name] for name in PARTS}


def outcome_of(trial: Trial) -> Outcome:
    """A trial as it is answered; what was sent comes back to nobody but the sender."""
    calls = [_tried(each) for each in trial.calls]
    paths = {each.path: each.target for each in trial.paths}
    return Outcome(trial.count, calls, paths, trial.problem or None)


def _tried(tried: Tried) -> TriedCall:
    fields = [TriedValue(each.target, each.sent, each.unread) for each in tried.fields]
    return TriedCall(tried.index, _told(tried.record), tried.rejection, fields)


def _told(record: CallRecord | None) -> dict[str, Any] | None:
    if record is None:
        return None
    return {name: getattr(record, name) for name in CallRecord.__struct_fields__}


MAPPING: Final[dict[str, Any]] = {
    "paths": {"caller": ["parties[0].number"], "company": []},
    "times": "epoch_s",
    "directions": {"eingehend": "inbound"},
}
"""For examples."""
