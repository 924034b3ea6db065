"""Try a mapping on a sample: what would be stored, and why not. Nothing is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from connector.calls.checks import check_times
from connector.calls.rejections import Rejection, RejectionCode, reject
from connector.calls.shapes import CallRecord, IncomingCall
from connector.providers.base import MappingError, RawCall
from connector.providers.json_documents import read_json_lines
from connector.providers.moontalk.mapping import Moontalk, calls_in, direction_said, found_in
from connector.providers.moontalk.paths import path_of, written_paths
from connector.providers.moontalk.settings import TARGETS, MoontalkSettings
from connector.providers.moontalk.times import moment_of

LONGEST: Final = 200_000
"""Characters of a sample."""
SHOWN: Final = 20
_MAPPING: Final = Moontalk()
_TIMES: Final = ("started_at", "answered_at", "ended_at")


@dataclass(frozen=True, slots=True)
class TriedField:
    """One of our fields: what the document says for it, and whether that made sense."""

    target: str
    sent: str | None
    unread: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """One call: as it would be stored, or why it would not be."""

    index: int
    record: CallRecord | None
    rejection: Rejection | None
    fields: tuple[TriedField, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenPath:
    """One value of the first call, and which of our fields it can be; none: it is dropped."""

    path: str
    value: str
    target: str | None


@dataclass(frozen=True, slots=True)
class Trial:
    """`count` calls were found, some are shown. `problem`: the sample cannot be read at all."""

    count: int = 0
    calls: tuple[Tried, ...] = ()
    paths: tuple[SeenPath, ...] = ()
    problem: str = ""


def try_mapping(settings: MoontalkSettings, sample: str, *, now: datetime) -> Trial:
    """Read a sample as a document of the account would be read. Pure; never raises."""
    if len(sample) > LONGEST:
        return Trial(problem="Use a shorter sample: one answer, or some calls.")
    try:
        documents = read_json_lines(sample.strip().removeprefix("\ufeff"))
        calls = [call for one in documents for call in calls_in(one, settings)]
    except MappingError as error:
        return Trial(problem=error.message)
    tried = tuple(_try(index, call, settings, now) for index, call in enumerate(calls[:SHOWN]))
    return Trial(len(calls), tried, tuple(_seen(calls, settings)))


def _try(index: int, call: Any, settings: MoontalkSettings, now: datetime) -> Tried:
    try:
        [raw] = _MAPPING.pick([call], settings)
    except MappingError as error:
        return Tried(index, None, error.rejection(index))
    if not isinstance(raw, RawCall):
        return Tried(index, None, reject(raw.code, index=index, hint="A call is an object."))
    fields = tuple(_fields(raw, settings))
    mapped = _MAPPING.map(RawCall(index, raw.fields), settings)
    if not isinstance(mapped, IncomingCall):
        return Tried(index, None, _explained(index, fields), fields)
    refused = check_times(mapped, now=now, index=index)
    record = None if refused else mapped.normalise(settings.region)
    return Tried(index, record, refused, fields)


def _explained(index: int, fields: tuple[TriedField, ...]) -> Rejection:
    unread = any(each.target == "started_at" and each.unread for each in fields)
    hint = "It is there, but is not written as the mapping says." if unread else ""
    return reject(RejectionCode.MISSING_START, index=index, hint=hint)


def _fields(raw: RawCall, settings: MoontalkSettings) -> Iterator[TriedField]:
    for target, sent in found_in(raw, settings).items():
        unread = False
        if sent is not None and target in _TIMES:
            unread = moment_of(sent, settings.times, settings.zone) is None
        elif sent is not None and target == "direction":
            unread = direction_said(sent, settings) is None
        yield TriedField(target, sent, unread)


def _seen(calls: list[Any], settings: MoontalkSettings) -> Iterator[SeenPath]:
    first = next((call for call in calls if isinstance(call, dict)), {})
    kept = {path: target for target in TARGETS for path in reversed(settings.paths_of(target))}
    for path, value in written_paths(first):
        yield SeenPath(path[:200], value[:200], kept.get(path_of(path)))
