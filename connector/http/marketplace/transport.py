"""A marketplace comes by TLS, or not at all."""

import ipaddress

from flask import request

from privacy.core.errors import Forbidden
from tenants.http.services import services


class TlsRequired(Forbidden):
    """The key went over the wire in the clear."""

    code = "tls_required"
    message = "Use https. A key that was sent without it is to be replaced."


def require_tls() -> None:
    """Refuse plain http, except on this machine in development.

    Behind a proxy `SILTA_TRUSTED_PROXIES` decides whose word on the scheme counts.

    Raises:
        TlsRequired.
    """
    if request.is_secure:
        return
    if services().settings.development and _is_local(request.remote_addr or ""):
        return
    raise TlsRequired


def _is_local(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
