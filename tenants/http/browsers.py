"""What the connection tells about a visitor, for the session list and for counting attempts."""

import re
from typing import Final

from flask import current_app, request
from werkzeug.wrappers import Response

from tenants.sign_in.visitors import Visitor

DEVICE_SECONDS: Final = 180 * 24 * 3600
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
)
_SYSTEMS: Final = (
    ("iPhone|iPad", "iOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X|Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def visitor() -> Visitor:
    """Whoever sends this request."""
    return Visitor(
        address=request.remote_addr or "",
        device=device_label(request.headers.get("User-Agent", "")),
        referrer=request.referrer,
        device_token=request.cookies.get(_cookie()),
    )


def device_label(agent: str) -> str:
    """`Firefox on Linux`: enough to know one's own session by, too little to track anybody."""
    browser = next((label for mark, label in _BROWSERS if mark in agent), "A browser")
    system = next((label for mark, label in _SYSTEMS if re.search(mark, agent)), "")
    return f"{browser} on {system}" if system else browser


def remember_browser(response: Response, device_token: str | None) -> None:
    """Give the device cookie out, where a sign-in asks for it: with it, no stranger's guesses
    can make this browser wait (see tenants.limits.rules)."""
    if device_token is None:
        return
    response.set_cookie(
        _cookie(),
        device_token,
        max_age=DEVICE_SECONDS,
        httponly=True,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        samesite="Lax",
        path="/",
    )


def _cookie() -> str:
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    return "__Host-silta-device" if secure else "silta_device"
