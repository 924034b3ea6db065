"""Graph's call records as calls. Of versions of one record the highest wins.

The organizer is who called. Only a telephone has a number; a user of the directory is named by
id. `organizer` and `participants` without `_v2` say nothing since 2026-06-30.
"""

from typing import Any, Final

from connector.calls.shapes import Direction, IncomingCall
from connector.providers.microsoft.documents import Declared, Values, pack, pick
from connector.providers.microsoft.parties import PARTY, Party, read_party
from connector.providers.port import Received

RECORD: Final[Declared] = {
    "id": None,
    "version": None,
    "startDateTime": None,
    "endDateTime": None,
    "organizer_v2": PARTY,
    "participants_v2": PARTY,
}
"""What service T declares of a call (promise A8)."""
HIGHEST: Final = 2**31 - 1
_LONGEST: Final = 200


def received_record(raw: dict[str, Any]) -> Received | None:
    """A call record as Microsoft sent it; None where it is no call with a start."""
    return map_record(pick(raw, RECORD))


def map_record(document: dict[str, Any]) -> Received | None:
    """A picked call record."""
    said = Values(document)
    key, started = said.string("id")[:_LONGEST], said.moment("startDateTime")
    if not key or started is None:
        return None
    version = min(max(said.whole("version") or 1, 1), HIGHEST)
    ended = said.moment("endDateTime")
    caller, called = _sides(said)
    inside = called.user if caller.outside else caller.user
    call = IncomingCall(
        direction=_direction(caller, called),
        started_at=started,
        source_id=key,
        version=version,
        caller=_cut(caller.phone),
        called=_cut(called.phone),
        user_id=_cut(inside),
        contact_person=_cut(_outsider(caller, called)),
        ended_at=max(ended, started) if ended is not None else None,
    )
    return Received(external_id=key, record=call, document=pack(document), version=version)


def has_telephone(document: dict[str, Any]) -> bool:
    """Whether a telephone took part: such calls are in the log of telephone calls as well."""
    said = Values(document)
    parties = [said.at("organizer_v2"), *said.each("participants_v2")]
    return any(read_party(party).phone for party in parties)


def _sides(said: Values) -> tuple[Party, Party]:
    """Who called, and the one who says most of the other side: a telephone, then anyone else."""
    caller = read_party(said.at("organizer_v2"))
    parties = (read_party(each) for each in said.each("participants_v2"))
    others = [party for party in parties if party != caller]
    telephones = [party for party in others if party.phone]
    users = [party for party in others if party.user]
    wanted = (telephones or users) if caller.user else (users or telephones)
    return caller, next(iter(wanted or others), Party())


def _direction(caller: Party, called: Party) -> Direction:
    if caller.outside:
        return "inbound"
    return "outbound" if called.outside and (called.phone or called.name) else "internal"


def _outsider(caller: Party, called: Party) -> str:
    """The name of who is not of the directory."""
    return caller.name if caller.outside else called.name if called.outside else ""


def _cut(text: str) -> str | None:
    return text[:_LONGEST] or None
