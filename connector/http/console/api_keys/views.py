"""API keys: list, create, rotate, revoke. A key is shown once, on the page that made it."""

import uuid
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from connector.http.console.api_keys.facts import facts_of
from connector.http.console.api_keys.forms import KeyForm
from connector.http.console.samples import first_call
from connector.http.console.turns import PAGE, WordsForm, chosen, place, turns_of
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from tenants.api_keys.create import CreatedKey, create_api_key
from tenants.api_keys.list import ApiKeyView, list_keys, search_keys
from tenants.api_keys.revoke import revoke_api_key
from tenants.api_keys.rotate import rotate_api_key
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.proofs import recently_authenticated
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows
from tenants.principals import Mode

api_keys = Blueprint("api_keys", __name__, url_prefix="/api-keys")
OVERLAP: Final = timedelta(hours=24)


class KeyUse(StrEnum):
    """Whether a key works."""

    IN_USE = "in_use"
    ENDED = "ended"


_USES: Final = ((KeyUse.IN_USE.value, "In use"), (KeyUse.ENDED.value, "Ended"))


@api_keys.route("", methods=["GET", "POST"])
@requires(Permission.API_KEYS_READ)
def index() -> str | tuple[str, int]:
    """A page of keys, the newest first: all, those in use or not, or those of a name."""
    form, use = WordsForm.posted(), chosen("use", KeyUse)
    words = form.words.data if form.accepts() else ""
    with work_of_caller() as work:
        found = _found(work, words, use)
    keys = [facts_of(view) for view in found[:PAGE]]
    last = keys[-1].id if len(found) > PAGE and not words else None
    page = render_template(
        "api_keys/index.html",
        keys=keys,
        form=form,
        filtered=bool(words or use),
        uses=_USES,
        use=use,
        **turns_of("api_keys.index", last, use=use),
        may_write=_may_write(),
    )
    return page, 422 if form.errors else 200


def _found(work: UnitOfWork, words: str, use: KeyUse | None) -> list[ApiKeyView]:
    vault = services().vault
    if words:
        return search_keys(vault, work, words=words, limit=PAGE)
    in_use = None if use is None else use is KeyUse.IN_USE
    return list_keys(vault, work, in_use=in_use, before=place(), limit=PAGE + 1)


@api_keys.route("/add", methods=["GET", "POST"])
@requires(Permission.API_KEYS_WRITE)
@recently_authenticated
def add() -> str:
    """Create a key, and show it once."""
    form = KeyForm.posted()
    if form.accepts():
        try:
            return _shown(_create(form), first=True)
        except Invalid as refusal:
            form.blame(refusal)
    return render_template("api_keys/add.html", form=form)


@api_keys.post("/<uuid:key_id>/rotate")
@requires(Permission.API_KEYS_WRITE)
@recently_authenticated
def rotate(key_id: uuid.UUID) -> str:
    """A new key in place of this one; both work for a day."""
    with work_of_caller() as work:
        made = rotate_api_key(services().vault, work, key_id=key_id, overlap=OVERLAP)
        until = work.now + OVERLAP
    return _shown(made, first=False, overlap_until=until)


@api_keys.post("/<uuid:key_id>/revoke")
@requires(Permission.API_KEYS_WRITE)
@recently_authenticated
def revoke(key_id: uuid.UUID) -> Response:
    """Close a key, at once."""
    with work_of_caller() as work:
        revoke_api_key(work, key_id=key_id)
    flash("Revoked. The key does not work any more, anywhere.", "good")
    return redirect(url_for("api_keys.index"))


def _create(form: KeyForm) -> CreatedKey:
    day = form.expires.data
    expires_at = datetime.combine(day, time.max, UTC) if day else None
    with work_of_caller() as work:
        return create_api_key(
            services().vault,
            work,
            name=form.name.data,
            scopes=[Permission(scope) for scope in form.scopes.data],
            mode=Mode(form.mode.data),
            expires_at=expires_at,
            networks=(form.networks.data or "").replace(",", " ").split(),
        )


def _shown(made: CreatedKey, *, first: bool, overlap_until: datetime | None = None) -> str:
    sample = first_call(services().settings.public_url, made.text) if first else ""
    return render_template(
        "api_keys/shown.html", key=made.text, sample=sample, overlap_until=overlap_until
    )


def _may_write() -> bool:
    return allows(caller(), Permission.API_KEYS_WRITE)
