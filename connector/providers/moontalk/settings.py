"""Where Moontalk's documents have what; editable, since no field list is public."""

from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from connector.calls.shapes import Direction
from connector.providers.moontalk.paths import PATH, path_of
from connector.providers.moontalk.times import TimeFormat
from connector.providers.settings import AccountSettings

TARGETS: Final = MappingProxyType(
    {
        "source_id": ("call_id", "id", "uuid", "source_id", "call.id", "cdr_id"),
        "version": ("version", "revision"),
        "direction": ("direction", "call_direction", "type", "call_type", "call.direction"),
        "caller": (
            *("caller", "caller_number", "from", "from_number", "a_number", "source", "src"),
            *("caller.number", "from.number", "caller_id", "calling_number", "caller.phone"),
        ),
        "called": (
            *("called", "called_number", "to", "to_number", "b_number", "destination", "dst"),
            *("callee", "callee_number", "called.number", "to.number", "callee.number"),
        ),
        "user_id": (
            *("user_id", "moontalk_user_id", "user", "agent_id", "agent", "user.id", "agent.id"),
            "extension",
        ),
        "contact_person": (
            *("contact_person", "caller_name", "contact_name", "contact", "contact.name"),
            *("caller.name", "caller.contact_person", "contact.full_name"),
        ),
        "company": (
            *("company", "caller_company", "company_name", "contact.company", "caller.company"),
            *("organisation", "organization", "company.name"),
        ),
        "started_at": (
            *("started_at", "start_time", "start", "started", "call_start", "begin", "timestamp"),
            "created_at",
        ),
        "answered_at": ("answered_at", "answer_time", "answer", "answered", "call_answer"),
        "ended_at": ("ended_at", "end_time", "end", "ended", "call_end", "hangup_time", "hangup"),
        "duration": ("duration", "duration_seconds", "total_duration"),
    }
)
"""Our fields and where to look for each, first to last; case, `_` and `-` do not matter."""

Name = Annotated[str, Meta(min_length=1, max_length=60)]
Path = Annotated[str, Meta(min_length=1, max_length=200, pattern=PATH)]
Paths = Annotated[tuple[Path, ...], Meta(max_length=12)]


class MoontalkSettings(AccountSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How one account's documents are read; every part has a default.

    Args:
        paths: for one of our fields, where it is: dotted, with numbers for places in a list.
            They replace the usual places; none at all means that this field is never sent.
        records: names of what the list of calls can be in.
        times: how times are written.
        directions: the system's own words for a direction, before the usual ones.
        direction: where the document says none; else the two parties tell.
        called: the called number where the document says none.
    """

    paths: dict[str, Paths] = msgspec.field(default_factory=dict)
    records: Annotated[tuple[Name, ...], Meta(max_length=12)] = (
        *("calls", "records", "items", "data", "call", "results", "payload"),
    )
    times: TimeFormat = TimeFormat.ANY
    directions: Annotated[dict[Name, Direction], Meta(max_length=60)] = msgspec.field(
        default_factory=dict
    )
    direction: Direction | None = None
    called: Annotated[str, Meta(max_length=60)] = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not set(self.paths) <= set(TARGETS):
            raise ValueError(f"paths can be given for {', '.join(TARGETS)}")

    def paths_of(self, target: str) -> tuple[str, ...]:
        """Folded paths of one of our fields."""
        return _folded(tuple(self.paths.get(target, TARGETS[target])))


@lru_cache(maxsize=1_000)
def _folded(written: tuple[str, ...]) -> tuple[str, ...]:
    """Asked for twelve times a call, of the same few settings."""
    return tuple(map(path_of, written))
