"""Every job by name. The worker dispatches by this name and by nothing else."""

from enum import StrEnum


class Queue(StrEnum):
    """Queues, most urgent first; one worker drains them in this order."""

    URGENT = "urgent"
    DEFAULT = "default"
    SLOW = "slow"


class JobName(StrEnum):
    """`subject.verb`; the policy (queue, timeout, retries) of each is in jobs/policy.py."""

    MAIL_SEND = "mail.send"
    SESSION_RESOLVE = "session.resolve"
    RETENTION_RUN = "retention.run"
    RETENTION_DELETE = "retention.delete"
    KEYS_AHEAD = "keys.ahead"
    KEYS_ROTATE = "keys.rotate"
    LEDGER_VERIFY = "ledger.verify"
    CALLS_IMPORT = "calls.import"
    CALLS_REMAP = "calls.remap"
    POSTS_RECORD = "posts.record"
    IDEMPOTENCY_SWEEP = "idempotency.sweep"
