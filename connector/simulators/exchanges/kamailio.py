"""acc rows as JSON: an INVITE at the answer, a BYE at the end; whoever hangs up swaps the tags."""

import json

from connector.simulators.exchanges.calls import MadeCall
from connector.simulators.exchanges.posts import Post


def posts_of(call: MadeCall) -> list[Post]:
    """Two rows of an answered call, one of another."""
    tags = (call.id.hex[:8], call.id.hex[8:16])
    invite = _row(call, "INVITE", tags) | {
        "sip_code": "200" if call.answered else "486",
        "sip_reason": "OK" if call.answered else "Busy Here",
        "time": int((call.answered or call.started).timestamp()),
    }
    if call.answered is None:
        return [_post(invite)]
    bye = _row(call, "BYE", tags[:: -1 if call.number % 2 else 1]) | {
        "sip_code": "200",
        "sip_reason": "OK",
        "time": int(call.ended.timestamp()),
    }
    return [_post(invite), _post(bye)]


def _row(call: MadeCall, method: str, tags: tuple[str, ...]) -> dict[str, object]:
    return {
        "method": method,
        "from_tag": tags[0],
        "to_tag": tags[1],
        "callid": f"{call.id}@192.0.2.7",
        "src_user": call.caller,
        "dst_user": call.called,
        "src_ip": "192.0.2.7",
    }


def _post(row: dict[str, object]) -> Post:
    return Post(json.dumps(row).encode())
