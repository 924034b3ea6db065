"""Examples for the description of the API: reserved numbers and domains, invented names."""

import json
from typing import Any, Final

REQUEST_ID: Final = "5e1f0c2a9b7d4e6f8a1b2c3d4e5f6071"
CALL_ID: Final = "4b1f7a52-c09d-4f0e-8a6b-3c2d1e0f9a8b"
ACCOUNT_ID: Final = "0198c0de-0000-7000-8000-00000000000a"

CALL: Final[dict[str, Any]] = {
    "source_id": "5f3c1c1e-0001",
    "direction": "inbound",
    "caller": "+12025550143",
    "called": "+442079460018",
    "user_id": "agent-7",
    "contact_person": "Robin Example",
    "company": "Example Ltd",
    "started_at": "2026-11-22T09:15:00Z",
    "answered_at": "2026-11-22T09:15:08Z",
    "ended_at": "2026-11-22T09:19:31Z",
    "account": ACCOUNT_ID,
}

KEY_ID: Final = "0198c0de-0000-7000-8000-0000000000b1"
TENANT_ID: Final = "0198c0de-0000-7000-8000-0000000000a1"

ACCOUNT: Final[dict[str, Any]] = {
    "id": ACCOUNT_ID,
    "name": "Head office",
    "kind": "freeswitch",
    "external_key": "fs-1",
    "state": "connected",
    "region": "FI",
    "time_zone": "Europe/Helsinki",
    "last_received_at": "2026-11-22T09:19:32Z",
}

TALLY: Final[dict[str, Any]] = {
    "day": "2026-11-22",
    "account": ACCOUNT_ID,
    "direction": "inbound",
    "calls": 214,
    "seconds": 48210,
}

TAKEN: Final[dict[str, Any]] = {
    "accepted": 997,
    "duplicates": 2,
    "expired": 0,
    "rejected": [
        {
            "index": 41,
            "code": "ends_before_start",
            "reason": "The call ends before it starts. Check the time zone.",
        }
    ],
}

STORED_CALL: Final[dict[str, Any]] = {
    "id": CALL_ID,
    **CALL,
    "version": 1,
    "day": "2026-11-22",
    "destroyed_at": "2026-12-22T00:00:00Z",
    "contact_source": "exchange",
    "contact_id": None,
    "do_not_call": False,
    "restricted": False,
}

EXPORTED: Final = (
    json.dumps(STORED_CALL, separators=(",", ":")) + "\n",
    "\r\n".join([",".join(STORED_CALL), ",".join(map(str, STORED_CALL.values())), ""]),
)
"""JSON lines and CSV."""
