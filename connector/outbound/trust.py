"""Which authorities vouch for the systems that are asked: the system's, and in development one
more, so that simulators can speak TLS."""

import ssl
from functools import cache
from pathlib import Path
from typing import Any

from privacy.core.errors import Misconfigured
from privacy.core.settings import Settings


def outbound_trust(settings: Settings) -> dict[str, Any]:
    """Arguments for the client. Nothing beside the system's authorities in production, whatever
    else is set. Raises Misconfigured where the file has no certificate in it."""
    if settings.outbound_ca_file is None or not settings.development:
        return {}
    return {"tls": _with_authority(settings.outbound_ca_file)}


@cache
def _with_authority(path: Path) -> ssl.SSLContext:
    context = ssl.create_default_context()
    try:
        context.load_verify_locations(cafile=path)
    except (OSError, ssl.SSLError):
        raise Misconfigured("SILTA_OUTBOUND_CA_FILE names no file with a certificate") from None
    return context
