"""A request of an exchange as its mapping wants to see it."""

from dataclasses import dataclass
from typing import IO, Final

from flask import request

from connector.calls.bodies import read_body
from connector.http.intake.blocks import LONGEST
from connector.providers.base import MAX_DOCUMENT, Delivery
from privacy.core import clock
from privacy.core.errors import TooLarge
from tenants.http.services import services

_SIGNATURE: Final = "X-Twilio-Signature"


class DocumentTooLong(TooLarge):
    """More than one document may have."""

    code = "document_too_long"
    message = "A document has at most 1 MiB. Send fewer calls at a time."


@dataclass(frozen=True, slots=True)
class Incoming:
    """The running request's body: as much as a document can have, and the stream of the rest."""

    head: bytes
    stream: IO[bytes]

    def delivery(self) -> Delivery:
        """The whole as one document. Raises DocumentTooLong, and as `read_body`.

        The body is read raw, because exchanges label theirs wrongly.
        """
        if len(self.head) > MAX_DOCUMENT:
            raise DocumentTooLong
        encoding = request.headers.get("Content-Encoding")
        return Delivery(
            body=read_body(self.head, encoding, limit=MAX_DOCUMENT),
            content_type=request.content_type or "",
            query=request.args.to_dict(),
            url=public_url(),
            signature=request.headers.get(_SIGNATURE, ""),
            received_at=clock.now(),
        )


def arriving() -> Incoming:
    """Wait for the body, or for the first MiB of a longer one. Raises TooLarge."""
    request.max_content_length = LONGEST
    if (request.content_length or 0) > LONGEST:
        raise TooLarge
    head, stream = bytearray(), request.stream
    while len(head) <= MAX_DOCUMENT and (more := stream.read(MAX_DOCUMENT + 1 - len(head))):
        head += more
    return Incoming(bytes(head), stream)


def public_url() -> str:
    """The address that the exchange used: our public one, not what a proxy or a header says."""
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    return f"{services().settings.public_url}{request.path}{query}"
