"""What a FreeSWITCH sends, and a way to read what became of it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from privacy.core import clock

LEG = "0b9d7a1e-3c52-4d55-8c9e-6a1f2b3c4d5e"


Stored = Callable[[], list[dict[str, Any]]]


def cdr(uuid: str = LEG, *, ago: timedelta = timedelta(minutes=10), **variables: str) -> str:
    start = int((clock.now() - ago).timestamp())
    document = {
        "core-uuid": "core",
        "variables": {
            "uuid": uuid,
            "start_epoch": str(start),
            "answer_epoch": str(start + 4),
            "end_epoch": str(start + 64),
            "caller_id_name": "Robin%20Example",
            "secret_sip_header": "never%20kept",
            **variables,
        },
        "callflow": [
            {
                "caller_profile": {
                    "caller_id_name": "Robin Example",
                    "caller_id_number": "+12025550143",
                    "destination_number": "+442079460018",
                    "uuid": uuid,
                }
            }
        ],
    }
    return json.dumps(document).replace('"core"', '"core", "mos": nan')
