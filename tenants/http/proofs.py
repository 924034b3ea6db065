"""Sensitive acts ask once more who is there (ASVS 7.5.1); ten minutes later they ask again."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from privacy.core import clock
from tenants.http.callers import caller

P = ParamSpec("P")


def recently_authenticated(
    view: Callable[P, ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """Only with a proof of identity within the last ten minutes; else to the page that asks.

    A post is not repeated by itself: after the proof, the person sees the page again from
    which it came, and decides.
    """

    @wraps(view)
    def asked(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if caller().is_fresh(now=clock.now()):
            return view(*args, **kwargs)
        return ask_again()

    return asked


def ask_again() -> Response:
    """To the page that asks for password and code."""
    if request.method == "POST":
        flash("After this, please press the button once more.", "info")
    return redirect(url_for("sign_in.again", onward=page_above(request.path)))


def page_above(path: str) -> str:
    """The nearest page at or above `path` that can be looked at."""
    adapter = current_app.url_map.bind("")
    while path.count("/") >= 1 and path != "/":
        try:
            adapter.match(path, method="GET")
        except HTTPException:
            path = path.rpartition("/")[0]
        else:
            return path
    return "/"


def local(path: str | None) -> str:
    """`path` when it leads to a page of ours, else the first page: nobody is sent elsewhere."""
    given = path or "/"
    if not given.startswith("/") or any(bad in given for bad in ("//", "/.", "\\", "\n")):
        return "/"
    return page_above(given.partition("?")[0].partition("#")[0])
