"""FreeSWITCH, mod_json_cdr and mod_xml_cdr.

Source id: the leg's uuid, which retries and replayed files repeat. A call between two parties
makes two reports (a-leg and b-leg); the a-leg's is the call, the b-leg's is skipped unless the
account asks for both. A leg is a b-leg when it names the leg that originated it; the `a_` before
the uuid in the query (mod_xml_cdr, prefix-a-leg) says a-leg whatever else is there.

FreeSWITCH's own `direction` is the leg's, seen from the switch, so it is not the call's; where
the dial plan sets `call_direction` that counts, else the parties tell (see directions).
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from urllib.parse import unquote

from connector.calls.rejections import Rejection
from connector.calls.shapes import Direction
from connector.providers.base import (
    Delivery,
    Mapped,
    RawCall,
    Skipped,
    SkipReason,
    declared_only,
)
from connector.providers.directions import direction_of
from connector.providers.drafts import draft
from connector.providers.freeswitch.documents import read_documents
from connector.providers.freeswitch.settings import FreeSwitchSettings
from connector.providers.moments import from_epoch

_SAID: Final[dict[str, Direction]] = {
    "inbound": "inbound",
    "outbound": "outbound",
    "local": "internal",
    "internal": "internal",
}
_A_LEG: Final = "query.a_leg"
_UUID: Final = "query.uuid"
_NAMED_BY_B_LEGS: Final = ("variables.originating_leg_uuid", "variables.originator")


class FreeSwitch:
    """The mapping of FreeSWITCH's call detail records."""

    name = "freeswitch"
    settings_type = FreeSwitchSettings

    _declared = frozenset(
        {
            *(_A_LEG, _UUID, *_NAMED_BY_B_LEGS),
            *("variables.uuid", "variables.call_direction", "variables.user_name"),
            *("variables.dialed_user", "variables.caller_id_number", "variables.caller_id_name"),
            *("variables.sip_from_user", "variables.sip_to_user", "variables.destination_number"),
            *("variables.start_uepoch", "variables.answer_uepoch", "variables.end_uepoch"),
            *("variables.start_epoch", "variables.answer_epoch", "variables.end_epoch"),
            *("profile.uuid", "profile.caller_id_name", "profile.caller_id_number"),
            *("profile.ani", "profile.destination_number"),
            *("times.created_time", "times.answered_time", "times.hangup_time"),
        }
    )

    def declared_fields(self, settings: FreeSwitchSettings) -> frozenset[str]:
        """Names in the flat table of a document."""
        return self._declared

    def split(
        self, delivery: Delivery, settings: FreeSwitchSettings
    ) -> Iterator[RawCall | Rejection]:
        """One raw call, or several where an operator replays them as a list."""
        uuid = delivery.query.get("uuid", "")
        leg = {_UUID: uuid.removeprefix("a_"), _A_LEG: "true" if uuid.startswith("a_") else ""}
        for index, table in enumerate(read_documents(delivery.body)):
            yield declared_only(index, table | (leg if index == 0 else {}), self._declared)

    def map(self, raw: RawCall, settings: FreeSwitchSettings) -> Mapped:
        """The call of an a-leg."""
        if settings.legs == "a" and _is_b_leg(raw):
            return Skipped(raw.index, SkipReason.B_LEG)
        caller = _text(raw, "profile.caller_id_number", "profile.ani", *_CALLER)
        called = _text(raw, "profile.destination_number", *_CALLED)
        name = _text(raw, "profile.caller_id_name", "variables.caller_id_name")
        said = _SAID.get((_text(raw, "variables.call_direction") or "").lower())
        direction = direction_of(caller, called, settings, said=said)
        return draft(
            raw.index,
            direction,
            _moment(raw, "start", "created"),
            source_id=raw.first("variables.uuid", "profile.uuid", _UUID),
            caller=caller,
            called=called,
            user_id=_text(raw, *(_CALLED_USER if direction == "inbound" else _CALLING_USER)),
            contact_person=name if direction == "inbound" and name != caller else None,
            answered_at=_moment(raw, "answer", "answered"),
            ended_at=_moment(raw, "end", "hangup"),
        )


_CALLER: Final = ("variables.caller_id_number", "variables.sip_from_user")
_CALLED: Final = ("variables.destination_number", "variables.sip_to_user")
_CALLING_USER: Final = ("variables.user_name", "variables.sip_from_user")
_CALLED_USER: Final = ("variables.dialed_user", "variables.user_name")


def _is_b_leg(raw: RawCall) -> bool:
    return not raw.first(_A_LEG) and raw.first(*_NAMED_BY_B_LEGS) is not None


def _text(raw: RawCall, *names: str) -> str | None:
    """Variables are percent-encoded inside the document, whatever the body's own encoding."""
    for name in names:
        value = raw.first(name)
        if value and name.startswith("variables."):
            value = unquote(value, errors="replace").strip()
        if value:
            return value
    return None


def _moment(raw: RawCall, variable: str, time: str) -> datetime | None:
    """`0` is never; microseconds are preferred to seconds."""
    names = (f"variables.{variable}_uepoch", f"times.{time}_time", f"variables.{variable}_epoch")
    moments = (from_epoch(raw.fields.get(name)) for name in names)
    return next((moment for moment in moments if moment is not None), None)
