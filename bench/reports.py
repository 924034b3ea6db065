"""What a FreeSWITCH posts when a call ends: mod_json_cdr's document, about 6 KB."""

import json
import random
import uuid
from datetime import timedelta

from bench.samples import CALLERS, number, own_number
from privacy.core import clock

_FILLER = {f"rtp_audio_in_{n}": str(n * 1_000) for n in range(120)}


def report(chance: random.Random) -> bytes:
    """One call of a few minutes ago."""
    identifier = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    end = clock.now() - timedelta(seconds=chance.randrange(10, 600))
    moments = [end - timedelta(seconds=ago) for ago in (64, 60, 0)]
    start, answer, hangup = (str(int(moment.timestamp() * 1_000_000)) for moment in moments)
    caller, called = number(chance.randrange(CALLERS)), own_number(chance)
    document = {
        "core-uuid": "core-1",
        "channel_data": {"state": "CS_REPORTING", "direction": "inbound"},
        "variables": _FILLER
        | {
            "uuid": identifier,
            "direction": "inbound",
            "start_uepoch": start,
            "answer_uepoch": answer,
            "end_uepoch": hangup,
            "caller_id_number": caller.replace("+", "%2B"),
            "dialed_user": called.replace("+", "%2B"),
        },
        "callflow": [
            {
                "dialplan": "XML",
                "caller_profile": {
                    "caller_id_name": "Example Person",
                    "caller_id_number": caller,
                    "destination_number": called,
                    "uuid": identifier,
                },
                "times": {
                    "created_time": start,
                    "answered_time": answer,
                    "hangup_time": hangup,
                },
            }
        ],
    }
    return json.dumps(document).encode()
