"""States of systems that are asked, and of their streams and runs, in words."""

from typing import Final

from connector.accounts.states import AccountState

STATES: Final = {
    AccountState.DRAFT: ("Draft", "quiet", "Nothing has been asked of it yet."),
    AccountState.TESTING: ("Under test", "warn", "A test call has to work before it is read."),
    AccountState.CONNECTED: (
        "Connected",
        "good",
        "It is read by itself, one stream after another.",
    ),
    AccountState.DEGRADED: (
        "Troubled",
        "warn",
        "Something does not work at present. What was read stays, and it is tried again.",
    ),
    AccountState.NEEDS_REAUTH: (
        "Needs a new credential",
        "bad",
        "Its credential is not accepted any more. What was read stays; nothing new comes.",
    ),
    AccountState.ERROR: (
        "Failing",
        "bad",
        "It cannot be read. It is tried again, ever less often.",
    ),
    AccountState.DISABLED: ("Paused", "quiet", "Nothing is asked of it until it is resumed."),
}
"""Word, tone and one sentence for each state."""

PAUSED_BY: Final = {
    "tenant": "by your organisation",
    "operator": "by the operator, together with its service",
    "system": "by Silta",
}

OUTCOMES: Final = {
    "running": ("Running", "warn"),
    "done": ("Done", "good"),
    "failed": ("Failed", "bad"),
    "interrupted": ("Interrupted", "warn"),
    "stopped": ("Stopped", "quiet"),
}
MODES: Final = {
    "full": "everything",
    "incremental": "changes",
    "remap": "kept documents again",
}
