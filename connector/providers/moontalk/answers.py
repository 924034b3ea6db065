"""What an answer of a Moontalk holds: its calls, and where the next ones are."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from connector.calls.shapes import IncomingCall
from connector.outbound.failures import ConfigurationFailure
from connector.providers.base import MappingError, RawCall
from connector.providers.json_documents import flatten
from connector.providers.moments import from_any
from connector.providers.moontalk.fields import Source
from connector.providers.moontalk.mapping import Moontalk, found_in
from connector.providers.moontalk.paths import values_in
from connector.providers.moontalk.settings import MoontalkSettings
from connector.providers.port import Received

MAPPING: Final = Moontalk()
_NESTING: Final = 4
_LONGEST: Final = 2_000
_NEWEST: Final = 2**31 - 1


class NoList(ConfigurationFailure):
    """The mapping says where the list of calls is."""

    code = "no_list_of_calls"
    message = "No list of calls was found in the answer. Say in the mapping what it is named."


@dataclass(slots=True)
class Answered:
    """Calls of one answer. `changes`: when each changed, as far as it says so."""

    received: list[Received] = field(default_factory=list)
    changes: list[datetime | None] = field(default_factory=list)
    unread: int = 0
    count: int = 0
    following: str = ""

    @property
    def newest(self) -> datetime | None:
        """The last change in it."""
        return max((each for each in self.changes if each is not None), default=None)

    @property
    def ids(self) -> frozenset[str]:
        """Which calls they are."""
        return frozenset(one.external_id for one in self.received)


def read_answer(document: Any, source: Source, settings: MoontalkSettings) -> Answered:
    """Everything in an answer. Raises NoList."""
    found = Answered(following=_following(document, source))
    for call in list_in(document, settings):
        found.count += 1
        changed = _changed(call, source, settings)
        one = receive(call, settings, changed)
        found.changes.append(changed)
        if one is None:
            found.unread += 1
        else:
            found.received.append(one)
    return found


def list_in(document: Any, settings: MoontalkSettings) -> Sequence[Any]:
    """The list of calls, itself or by its name in as many envelopes. Raises NoList."""
    node = document
    for _ in range(_NESTING):
        if isinstance(node, list):
            return node
        if not isinstance(node, dict):
            break
        named = [node[name] for name in settings.records if name in node]
        if not named:
            break
        node = [] if named[0] is None else named[0]
    raise NoList(log="calls, no list in the answer")


def receive(call: Any, settings: MoontalkSettings, changed: datetime | None) -> Received | None:
    """One call; None for what makes none."""
    try:
        [raw] = MAPPING.pick([call], settings)
    except MappingError:
        return None
    return map_raw(raw, settings, changed) if isinstance(raw, RawCall) else None


def map_raw(
    raw: RawCall, settings: MoontalkSettings, changed: datetime | None = None
) -> Received | None:
    """A picked call. Without a version of its own, the time of its change is one."""
    mapped = MAPPING.map(raw, settings)
    if not isinstance(mapped, IncomingCall):
        return None
    document = raw.document()
    key = mapped.source_id or f"content:{hashlib.sha256(document).hexdigest()}"
    version = None
    if changed is not None and not found_in(raw, settings)["version"]:
        version = min(max(int(changed.timestamp()), 1), _NEWEST)
    return Received(external_id=key, record=mapped, document=document, version=version)


def _changed(call: Any, source: Source, settings: MoontalkSettings) -> datetime | None:
    if not isinstance(call, dict):
        return None
    try:
        return from_any(values_in(call).get(source.changed), settings.zone)
    except MappingError:
        return None


def _following(document: Any, source: Source) -> str:
    """The next cursor; of a whole link only what its parameter says, so that nobody sends us
    elsewhere."""
    if not isinstance(document, dict):
        return ""
    try:
        said = flatten(document, fold=True).get(source.next, "").strip()
    except MappingError:
        return ""
    if said.startswith(("http://", "https://", "/", "?")):
        said = _parameter(said, source.page_parameter)
    return "" if said.lower() in ("null", "false", "none") else said[:_LONGEST]


def _parameter(link: str, name: str) -> str:
    try:
        return parse_qs(urlsplit(link).query).get(name, [""])[0]
    except ValueError:
        return ""
