"""mod_json_cdr and mod_xml_cdr: both legs of each call, in each of their encodings."""

import base64
import json
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Final
from urllib.parse import quote, quote_plus
from uuid import UUID, uuid5
from xml.sax.saxutils import escape

from connector.simulators.exchanges.calls import MadeCall
from connector.simulators.exchanges.posts import FORM, JSON, Post

BASE64_FORM: Final = "application/x-www-form-base64-encoded"


class Encoding(StrEnum):
    """How a document is put into a request."""

    JSON = "json"
    JSON_AS_FORM = "json-as-form"
    FORM = "form"
    BASE64 = "base64"
    XML = "xml"
    XML_FORM = "xml-form"
    XML_BASE64 = "xml-base64"


def posts_of(call: MadeCall, encoding: Encoding) -> list[Post]:
    """The report of the a-leg, then that of the b-leg, which names it."""
    b_leg = uuid5(call.id, "b")
    return [_post(call, call.id, encoding, {}), _post(call, b_leg, encoding, _of_b_leg(call))]


def _of_b_leg(call: MadeCall) -> dict[str, str]:
    return {"originating_leg_uuid": str(call.id), "originator": str(call.id)}


def _post(call: MadeCall, leg: UUID, encoding: Encoding, more: dict[str, str]) -> Post:
    document = _document(call, leg, more)
    as_xml = encoding.value.startswith("xml")
    text = _as_xml(document) if as_xml else _as_json(document)
    mark = "a_" if as_xml and not more else ""
    body, content_type = _WRAPPED[encoding](text.encode())
    return Post(body, content_type, query=f"?uuid={mark}{leg}")


_WRAPPED: Final[dict[Encoding, Callable[[bytes], tuple[bytes, str]]]] = {
    Encoding.JSON: lambda text: (text, JSON),
    Encoding.JSON_AS_FORM: lambda text: (text, FORM),
    Encoding.FORM: lambda text: (b"cdr=" + quote_plus(text).encode(), FORM),
    Encoding.BASE64: lambda text: (b"cdr=" + base64.b64encode(text), BASE64_FORM),
    Encoding.XML: lambda text: (text, "text/xml"),
    Encoding.XML_FORM: lambda text: (b"cdr=" + quote_plus(text).encode(), FORM),
    Encoding.XML_BASE64: lambda text: (b"cdr=" + base64.b64encode(text), BASE64_FORM),
}


def _variables(call: MadeCall, leg: UUID, start: int, answer: int, end: int) -> dict[str, str]:
    """Channel variables; times as seconds since the epoch."""
    return {
        "uuid": str(leg),
        "direction": "inbound",
        "call_direction": "inbound" if call.inbound else "outbound",
        "start_epoch": str(start),
        "answer_epoch": str(answer),
        "end_epoch": str(end),
        "start_uepoch": str(start * 10**6),
        "answer_uepoch": str(answer * 10**6),
        "end_uepoch": str(end * 10**6),
        "duration": str(call.seconds),
        "billsec": str(call.talked),
        "hangup_cause": "NORMAL_CLEARING" if call.answered else "NO_ANSWER",
        "caller_id_name": quote(call.name),
        "caller_id_number": quote(call.caller),
        "dialed_user" if call.inbound else "user_name": call.extension,
        "sip_user_agent": quote("Example Phone/1.0"),
        "rtp_audio_in_mos": "4.50",
    }


def _document(call: MadeCall, leg: UUID, more: dict[str, str]) -> dict[str, Any]:
    start, end = int(call.started.timestamp()), int(call.ended.timestamp())
    answer = int(call.answered.timestamp()) if call.answered else 0
    variables = _variables(call, leg, start, answer, end) | more
    profile = {
        "caller_id_name": call.name,
        "caller_id_number": call.caller,
        "destination_number": call.called,
        "uuid": str(leg),
        "source": "mod_sofia",
    }
    times = {
        "created_time": str(start * 10**6),
        "answered_time": str(answer * 10**6),
        "hangup_time": str(end * 10**6),
    }
    flow = {"dialplan": "XML", "caller_profile": profile, "times": times}
    return {
        "core-uuid": str(uuid5(call.id, "core")),
        "channel_data": {"state": "CS_REPORTING", "direction": "inbound"},
        "variables": variables,
        "callflow": [flow],
    }


def _as_json(document: dict[str, Any]) -> str:
    """With the bare `nan` that real reports have."""
    text = json.dumps(document)
    return text.replace('"channel_data": {', '"channel_data": {"mos": nan, ')


def _as_xml(document: dict[str, Any]) -> str:
    [flow] = document["callflow"]
    variables = _elements(document["variables"])
    inside = "".join(
        f"<{name}>{_elements(flow[name])}</{name}>" for name in ("caller_profile", "times")
    )
    core = document["core-uuid"]
    return (
        f'<?xml version="1.0"?>\n<cdr core-uuid="{core}"><variables>{variables}</variables>'
        f'<callflow dialplan="XML">{inside}</callflow></cdr>'
    )


def _elements(table: dict[str, str]) -> str:
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in table.items())
