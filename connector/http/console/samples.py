"""Commands that people copy from a page into a terminal or an exchange."""

import uuid
from datetime import timedelta

from privacy.core import clock


def first_call(
    public_url: str, key: str = "silta_…", *, account_id: uuid.UUID | None = None
) -> str:
    """A call of a minute ago, for curl. The numbers are reserved for examples.

    Where there are several systems of this kind, a call has to name its own.
    """
    account = f'"account": "{account_id}",\n        ' if account_id else ""
    began = clock.now() - timedelta(minutes=2)
    ended = began + timedelta(minutes=1)
    return (
        f"curl {public_url}/api/v1/calls \\\n"
        f'  -H "Authorization: Bearer {key}" \\\n'
        f'  -H "Content-Type: application/json" \\\n'
        f'  -d \'[{{{account}"source_id": "first", "direction": "inbound",\n'
        f'        "caller": "+46313900601", "called": "+442079460001",\n'
        f'        "started_at": "{began:%Y-%m-%dT%H:%M:%SZ}",\n'
        f'        "ended_at": "{ended:%Y-%m-%dT%H:%M:%SZ}"}}]\''
    )
