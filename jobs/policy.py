"""How long each job may take, how often it is tried, and when it is tried again."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from privacy.core.errors import Conflict, SiltaError, TooManyRequests
from privacy.core.outbox.names import JobName

_DICE = random.SystemRandom()
_WORTH_TRYING_AGAIN = (Conflict, TooManyRequests)


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits of one job. `attempts` counts the first; `pause` doubles with each attempt."""

    timeout: timedelta
    attempts: int
    pause: timedelta
    longest_pause: timedelta = timedelta(hours=1)

    def delay(self, attempt: int) -> timedelta:
        """How long to wait after attempt `attempt` (the first is 0) failed, with jitter.

        Half to all of the doubled pause: jobs that failed together do not come back together.
        """
        doubled: timedelta = self.pause * 2 ** min(attempt, 20)
        return min(doubled, self.longest_pause) * _DICE.uniform(0.5, 1.0)


def _policy(timeout: timedelta, *, attempts: int, pause: timedelta) -> Policy:
    return Policy(timeout, attempts, pause)


_SECOND, _MINUTE, _HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

POLICIES: Mapping[JobName, Policy] = {
    JobName.MAIL_SEND: _policy(_MINUTE, attempts=8, pause=10 * _SECOND),
    JobName.SESSION_RESOLVE: _policy(30 * _SECOND, attempts=3, pause=30 * _SECOND),
    JobName.RETENTION_RUN: _policy(_HOUR, attempts=12, pause=30 * _SECOND),
    JobName.RETENTION_DELETE: _policy(_HOUR, attempts=8, pause=_MINUTE),
    JobName.KEYS_AHEAD: _policy(10 * _MINUTE, attempts=12, pause=10 * _SECOND),
    JobName.LEDGER_VERIFY: _policy(2 * _HOUR, attempts=3, pause=_MINUTE),
    JobName.LEDGER_VERIFY_OWN: _policy(_HOUR, attempts=3, pause=_MINUTE),
    JobName.POSTS_RECORD: _policy(5 * _MINUTE, attempts=8, pause=10 * _SECOND),
    JobName.EXPIRED_SWEEP: _policy(_HOUR, attempts=3, pause=_MINUTE),
    # Of our own failures; a receiver's have a schedule of their own (connector.events_out).
    JobName.EVENT_DELIVER: _policy(_MINUTE, attempts=8, pause=10 * _SECOND),
    JobName.CALLS_ANNOUNCE: _policy(5 * _MINUTE, attempts=8, pause=10 * _SECOND),
    JobName.CALLS_REMAP: _policy(2 * _HOUR, attempts=5, pause=_MINUTE),
    JobName.CALLS_COUNT: _policy(2 * _HOUR, attempts=5, pause=_MINUTE),
    JobName.RECORDS_REMAP: _policy(2 * _HOUR, attempts=5, pause=_MINUTE),
    JobName.ENDPOINT_NOTICE: _policy(_MINUTE, attempts=8, pause=10 * _SECOND),
    JobName.MARKETPLACE_ANNOUNCE: _policy(5 * _MINUTE, attempts=40, pause=10 * _SECOND),
    JobName.SUBSCRIPTION_NOTICE: _policy(_MINUTE, attempts=8, pause=10 * _SECOND),
    JobName.SUBSCRIPTIONS_END: _policy(_HOUR, attempts=8, pause=_MINUTE),
    # What the other side does wrong ends no job: it is noted, and looked for when it is due.
    JobName.SYNC_DUE: _policy(5 * _MINUTE, attempts=3, pause=30 * _SECOND),
    JobName.SYNC_RUN: _policy(2 * _HOUR, attempts=5, pause=30 * _SECOND),
    JobName.ACCOUNTS_PROBE: _policy(5 * _MINUTE, attempts=3, pause=30 * _SECOND),
    JobName.WATCHES_DUE: _policy(5 * _MINUTE, attempts=3, pause=30 * _SECOND),
    JobName.WATCH_KEEP: _policy(10 * _MINUTE, attempts=8, pause=30 * _SECOND),
    JobName.CHANGES_READ: _policy(2 * _HOUR, attempts=12, pause=10 * _SECOND),
    JobName.ACCOUNT_TEST: _policy(15 * _MINUTE, attempts=3, pause=30 * _SECOND),
    JobName.OUTGOING_SEND: _policy(30 * _MINUTE, attempts=8, pause=30 * _SECOND),
    # A run that fails is made anew; parts are put again within one.
    JobName.BACKUP_WATCH: _policy(10 * _MINUTE, attempts=3, pause=_MINUTE),
    JobName.BACKUP_RUN: _policy(6 * _HOUR, attempts=3, pause=2 * _MINUTE),
    JobName.SUBJECT_RUN: _policy(_HOUR, attempts=12, pause=30 * _SECOND),
    JobName.SUBJECTS_DUE: _policy(_HOUR, attempts=3, pause=_MINUTE),
    JobName.NOTICES_PUBLISH: _policy(_HOUR, attempts=3, pause=_MINUTE),
    JobName.NOTICE_ANNOUNCE: _policy(5 * _MINUTE, attempts=8, pause=10 * _SECOND),
    JobName.INQUIRIES_ASK: _policy(_HOUR, attempts=3, pause=_MINUTE),
    JobName.CHECKS_RUN: _policy(_HOUR, attempts=3, pause=5 * _MINUTE),
    JobName.BREACH_CONTROLLERS: _policy(30 * _MINUTE, attempts=12, pause=10 * _SECOND),
    JobName.BREACH_USERS: _policy(_HOUR, attempts=12, pause=10 * _SECOND),
    JobName.BREACHES_DUE: _policy(10 * _MINUTE, attempts=3, pause=_MINUTE),
    JobName.PROCESSOR_ANNOUNCE: _policy(30 * _MINUTE, attempts=8, pause=_MINUTE),
    JobName.PROMISES_EXAMINE: _policy(2 * _HOUR, attempts=3, pause=5 * _MINUTE),
    JobName.PROMISES_EXAMINE_OWN: _policy(_HOUR, attempts=3, pause=_MINUTE),
    JobName.ERASURES_EXPORT: _policy(10 * _MINUTE, attempts=40, pause=10 * _SECOND),
    JobName.EXPORT_MAKE: _policy(6 * _HOUR, attempts=4, pause=_MINUTE),
    JobName.EXPORTS_DUE: _policy(30 * _MINUTE, attempts=3, pause=_MINUTE),
    JobName.EXPORT_NOTICE: _policy(_MINUTE, attempts=8, pause=10 * _SECOND),
    # It comes again by the schedule; what it could not take is still in the mailbox.
    JobName.MAILBOXES_READ: _policy(15 * _MINUTE, attempts=2, pause=30 * _SECOND),
}

UNKNOWN = _policy(_MINUTE, attempts=8, pause=10 * _SECOND)
"""For a name that only a newer version knows: it waits until that version runs here too."""

LONGEST = max(policy.timeout for policy in POLICIES.values())
"""No run takes longer; a worker ends one that does."""


def policy_of(name: str) -> Policy:
    """The policy of the job called `name`, whoever wrote that name."""
    return POLICIES[JobName(name)] if name in set(JobName) else UNKNOWN


def is_final(error: BaseException) -> bool:
    """Whether trying again cannot help: the job's own fault, by our hierarchy of errors."""
    if not isinstance(error, SiltaError) or isinstance(error, _WORTH_TRYING_AGAIN):
        return False
    return error.status < HTTPStatus.INTERNAL_SERVER_ERROR


def code_of(error: BaseException) -> str:
    """Why a job failed, in a word: an error's code or an exception's type, never its text."""
    return error.code if isinstance(error, SiltaError) else type(error).__name__
