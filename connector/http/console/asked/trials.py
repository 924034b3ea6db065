"""A test call that somebody waits for, and its outcome in plain words."""

import uuid
from typing import Final

from flask import flash

from connector.http.stations import station_of_caller
from connector.syncs.try_account import PATIENCE, Tested, try_account

_LONGEST: Final = 600
"""Letters of an outcome: it travels in a cookie of 4 KB."""


def try_and_tell(account_id: uuid.UUID) -> None:
    """Make the call, at most PATIENCE seconds; the next page says what came of it.

    Raises:
        NotFound: no such account, or it is not asked. AccountPaused: it is paused.
    """
    tested = try_account(station_of_caller(), account_id=account_id, patience=PATIENCE)
    text, tone = words_of(tested)
    flash(text[:_LONGEST], tone)


def words_of(tested: Tested) -> tuple[str, str]:
    """The outcome, and its tone."""
    if tested.worked:
        return "The test call worked. It is connected, and reading has begun.", "good"
    if tested.later:
        return f"{tested.message} The test goes on in the background.", "warn"
    return f"The test call did not work. {tested.message}", "bad"
