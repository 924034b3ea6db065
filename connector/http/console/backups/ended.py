"""Ended days: when a day's data became unreadable everywhere, and when its last copy was gone."""

from datetime import timedelta
from typing import Final

from flask import Blueprint, render_template

from connector.http.console.wording import moment
from privacy.backups.ended_days import EndedDay, list_ended_days
from privacy.profiles import load_profiles
from tenants.http.access import requires
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission

ended_days = Blueprint("ended_days", __name__, url_prefix="/ended-days")
SHOWN: Final = 90


@ended_days.get("")
@requires(Permission.RETENTION_READ)
def index() -> str:
    """The organisation's ended days, newest first."""
    settings = services().settings
    log_kept = timedelta(days=settings.backup_keep_days) if settings.wal_store else None
    with work_of_caller() as work:
        days = list_ended_days(work, limit=SHOWN, log_kept=log_kept)
    return render_template(
        "backups/ended.html", days=[(one, _what(one), *_words(one)) for one in days]
    )


def _what(one: EndedDay) -> str:
    for profile in load_profiles().values():
        for data in profile.data:
            if (profile.key, data.key) == (one.service, one.data):
                return f"{data.key.replace('_', ' ').capitalize()}, {profile.service}"
    return one.data.replace("_", " ").capitalize()


def _words(one: EndedDay) -> tuple[str, str]:
    unreadable = moment(one.unreadable_at) if one.unreadable_at else "with the coming night"
    if one.gone_at is None:
        return unreadable, "no archive held it"
    return unreadable, moment(one.gone_at) if one.gone else f"on {moment(one.gone_at)}"
