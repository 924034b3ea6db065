"""What stops a move: always with the old side serving, or with what to run next."""

from privacy.core.errors import Conflict, Misconfigured, Unavailable


class MoveRefused(Misconfigured):
    """Something has to be put right first; nothing was changed."""

    code = "move_refused"
    message = "The database cannot be moved like this."


class SidesDiffer(Conflict):
    """What arrived is not what was sent."""

    code = "sides_differ"
    message = "The two sides differ. The old side serves on."


class SwitchTooSlow(Unavailable):
    """The switch would have lasted longer than allowed."""

    code = "switch_too_slow"
    message = "The switch took too long and was taken back. The old side serves on."
