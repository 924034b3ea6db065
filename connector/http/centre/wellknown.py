"""Well-known addresses: whom to tell of a weakness, where to change a password, and that Global
Privacy Control is honoured."""

from datetime import timedelta
from typing import Final

from flask import Response, jsonify, redirect, url_for
from werkzeug.wrappers import Response as Answer

from connector.http.centre.keys import SERVICES
from privacy.core import clock
from privacy.notices.languages import LANGUAGES
from tenants.http.access import public
from tenants.http.services import services

_GPC_SINCE: Final = "2026-11-22"
_GOOD_FOR: Final = timedelta(days=180)
"""RFC 9116, 2.5.5: less than a year ahead."""


@public("says that a signal is honoured, and nothing else")
def gpc() -> Response:
    """https://w3c.github.io/gpc/: a form that is sent with `Sec-GPC: 1` is an objection, too."""
    return jsonify(gpc=True, lastUpdate=_GPC_SINCE)


@public("whom to tell of a weakness is for everybody to know")
def security() -> Response:
    """RFC 9116."""
    site = services().settings.public_url
    expires = (clock.now() + _GOOD_FOR).strftime("%Y-%m-%dT00:00:00Z")
    contact = f"{site}{url_for('centre.front', centre_key=SERVICES)}"
    lines = (
        f"Contact: {contact}",
        f"Expires: {expires}",
        f"Preferred-Languages: {', '.join(LANGUAGES)}",
        f"Canonical: {site}/.well-known/security.txt",
    )
    return Response("\n".join([*lines, ""]), mimetype="text/plain")


@public("leads to where a password is changed, for whoever may change one")
def change_password() -> Answer:
    """https://w3c.github.io/webappsec-change-password-url/."""
    return redirect(url_for("me.password"))
