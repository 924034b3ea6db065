"""A request of an exchange as its mapping wants to see it."""

from typing import Final
from urllib.parse import urlsplit

from flask import request

from connector.calls.bodies import read_body
from connector.http.api.inputs import raw_body
from connector.providers.base import MAX_DOCUMENT, Delivery
from privacy.core import clock
from tenants.http.services import services

_SIGNATURE: Final = "X-Twilio-Signature"


def delivery(limit: int = MAX_DOCUMENT) -> Delivery:
    """The running request. The body is read raw: exchanges label it wrongly. Raises TooLarge."""
    body = read_body(raw_body(limit), request.headers.get("Content-Encoding"), limit=limit)
    return Delivery(
        body=body,
        content_type=request.content_type or "",
        query=request.args.to_dict(),
        url=public_url(),
        signature=request.headers.get(_SIGNATURE, ""),
        received_at=clock.now(),
    )


def public_url() -> str:
    """The address that the exchange used: our public one, not what a proxy or a header says."""
    asked = urlsplit(request.full_path if request.query_string else request.path)
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    return f"{services().settings.public_url}{asked.path}{query}"
