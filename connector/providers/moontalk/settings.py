"""Where Moontalk's documents have what; editable, since no field list is public."""

from types import MappingProxyType
from typing import Final

import msgspec

from connector.providers.json_documents import fold_path
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


class MoontalkSettings(AccountSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`paths` puts dotted paths before the defaults; `records` is where the list of calls is."""

    paths: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    records: tuple[str, ...] = ("calls", "records", "items", "data", "call", "results", "payload")

    def __post_init__(self) -> None:
        super().__post_init__()
        if not set(self.paths) <= set(TARGETS):
            raise ValueError(f"paths can be given for {', '.join(TARGETS)}")

    def paths_of(self, target: str) -> tuple[str, ...]:
        """Folded paths of one of our fields."""
        return tuple(map(fold_path, self.paths.get(target, ()) + TARGETS[target]))
