"""Whether Twilio sent it (X-Twilio-Signature).

Base64 of HMAC-SHA1, keyed by the account's auth token, of the URL and the form's names and
values, sorted. Twilio signs the URL with the port or without it, depending on the product, and a
proxy may hide it: both are tried. SHA-1 is Twilio's choice; as an HMAC it still holds.
"""

import base64
import hmac
from urllib.parse import SplitResult, urlsplit

from connector.providers.base import Delivery, MappingError
from connector.providers.texts import form_fields

_PORTS = {"https": 443, "http": 80}


def verify_signature(delivery: Delivery, auth_token: str) -> bool:
    """Compare in constant time; False for anything that cannot be checked."""
    try:
        fields = form_fields(delivery.body)
        urls = _spellings(delivery.url)
    except (MappingError, ValueError):
        return False
    given = delivery.signature.strip().encode("utf-8", "replace")
    matches = [hmac.compare_digest(sign(url, fields, auth_token), given) for url in urls]
    return bool(auth_token) and any(matches)


def sign(url: str, fields: list[tuple[str, str]], auth_token: str) -> bytes:
    """The signature that Twilio puts into the header; a name's repeated values count once."""
    text = url + "".join(name + value for name, value in sorted(set(fields)))
    digest = hmac.digest(auth_token.encode(), text.encode("utf-8", "surrogatepass"), "sha1")
    return base64.b64encode(digest)


def _spellings(url: str) -> list[str]:
    """The URL as given, without a port, and with one."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")
    name = host[2].removesuffix(f":{parts.port}") if parts.port else host[2]
    port = parts.port or _PORTS.get(parts.scheme, 443)
    user = host[0] + host[1]
    with_port, without = f"{user}{name}:{port}", f"{user}{name}"
    return [url, _at(parts, without), _at(parts, with_port)]


def _at(parts: SplitResult, place: str) -> str:
    return parts._replace(netloc=place).geturl()
