"""Status callbacks, signed as Twilio signs them."""

from email.utils import format_datetime
from urllib.parse import urlencode

from connector.providers.twilio.signatures import sign
from connector.simulators.exchanges.calls import MadeCall
from connector.simulators.exchanges.posts import FORM, Post


def posts_of(call: MadeCall, *, url: str, token: str) -> list[Post]:
    """What is told while a call lives: it rings, is taken, has ended."""
    told = [("ringing", call.started)]
    if call.answered:
        told.append(("in-progress", call.answered))
    told.append(("completed" if call.answered else "no-answer", call.ended))
    posts = []
    for sequence, (status, moment) in enumerate(told):
        fields = {
            "CallSid": f"CA{call.id.hex}",
            "AccountSid": f"AC{call.id.hex[::-1]}",
            "From": call.caller if call.inbound else f"client:{call.extension}",
            "To": f"client:{call.extension}" if call.inbound else call.called,
            "CallStatus": status,
            "Direction": "inbound" if call.inbound else "outbound-api",
            "Timestamp": format_datetime(moment),
            "SequenceNumber": str(sequence),
            "CallbackSource": "call-progress-events",
        }
        if status == "completed":
            fields["CallDuration"] = str(call.talked)
        signature = sign(url, list(fields.items()), token).decode()
        body = urlencode(fields).encode()
        posts.append(Post(body, FORM, headers={"X-Twilio-Signature": signature}))
    return posts
