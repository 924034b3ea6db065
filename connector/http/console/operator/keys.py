"""Encryption keys: which epoch wraps them, since when, and what was destroyed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flask import Blueprint, render_template
from sqlalchemy import select

from connector.http.console.wording import moment
from privacy.core import clock
from privacy.vault.models import KeyEpoch
from tenants.http.access import requires
from tenants.http.services import work_of_installation
from tenants.permissions import Permission

keys = Blueprint("keys", __name__, url_prefix="/keys")
SHOWN: Final = 30
NIGHTLY: Final = timedelta(hours=36)
STATES: Final = {
    "current": ("In use", "good"),
    "ending": ("Being left", "warn"),
    "ended": ("Destroyed", "quiet"),
}


@dataclass(frozen=True, slots=True)
class EpochFacts:
    """A line of the list."""

    number: int
    state: str
    state_label: str
    state_tone: str
    created_at: datetime
    destroyed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How the epochs stand, in a sentence."""

    tone: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A value with a name."""

    label: str
    value: str
    note: str = ""


@keys.get("")
@requires(Permission.JOBS_READ)
def index() -> str:
    """Epochs, newest first."""
    with work_of_installation() as work:
        rows = work.session.scalars(
            select(KeyEpoch).order_by(KeyEpoch.number.desc()).limit(SHOWN)
        ).all()
        epochs = [_facts(row) for row in rows]
    return render_template(
        "operator/keys.html",
        epochs=epochs,
        standing=_standing(epochs),
        figures=_figures(epochs),
    )


def _standing(epochs: list[EpochFacts]) -> Standing:
    current = next((epoch for epoch in epochs if epoch.state == "current"), None)
    if current is None:
        return Standing("bad", "No epoch", "Run `silta migrate`: nothing can be sealed.")
    if any(epoch.state == "ending" for epoch in epochs):
        text = "Keys are being wrapped anew. If this stands for an hour, run `silta doctor`."
        return Standing("warn", "An epoch is ending", text)
    if clock.now() - current.created_at > NIGHTLY:
        text = "The nightly run is late. Is the scheduler running? See `silta doctor`."
        return Standing("warn", "The epoch is older than a night", text)
    text = "Every living key is wrapped by it; older copies of the database open nothing."
    return Standing("good", f"Epoch {current.number} is in use", text)


def _figures(epochs: list[EpochFacts]) -> list[KeyFigure]:
    current = next((epoch for epoch in epochs if epoch.state == "current"), None)
    ended = next((epoch for epoch in epochs if epoch.destroyed_at), None)
    return [
        KeyFigure(
            "Epoch in use",
            str(current.number) if current else "none",
            f"since {moment(current.created_at)}" if current else "",
        ),
        KeyFigure(
            "Last one destroyed",
            str(ended.number) if ended else "none yet",
            moment(ended.destroyed_at) if ended and ended.destroyed_at else "",
        ),
    ]


def _facts(row: KeyEpoch) -> EpochFacts:
    label, tone = STATES[row.state]
    return EpochFacts(row.number, row.state, label, tone, row.created_at, row.ended_at)
