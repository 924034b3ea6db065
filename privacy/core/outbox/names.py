"""Every job by name. The worker dispatches by this name and by nothing else."""

from collections.abc import Mapping
from enum import StrEnum


class Queue(StrEnum):
    """Queues, most urgent first; one worker drains them in this order."""

    URGENT = "urgent"
    DEFAULT = "default"
    SLOW = "slow"
    ARCHIVES = "archives"
    """Takes hours where there is much: give it a worker of its own (`silta worker --queue`)."""
    STRANGERS = "strangers"


class JobName(StrEnum):
    """`subject.verb`; time limit and retries of each are in jobs/policy.py."""

    MAIL_SEND = "mail.send"
    SESSION_RESOLVE = "session.resolve"
    RETENTION_RUN = "retention.run"
    RETENTION_DELETE = "retention.delete"
    KEYS_AHEAD = "keys.ahead"
    LEDGER_VERIFY = "ledger.verify"
    LEDGER_VERIFY_OWN = "ledger.verify_own"
    POSTS_RECORD = "posts.record"
    EXPIRED_SWEEP = "expired.sweep"
    EVENT_DELIVER = "event.deliver"
    CALLS_ANNOUNCE = "calls.announce"
    CALLS_REMAP = "calls.remap"
    CALLS_COUNT = "calls.count"
    RECORDS_REMAP = "records.remap"
    ENDPOINT_NOTICE = "endpoint.notice"
    MARKETPLACE_ANNOUNCE = "marketplace.announce"
    SUBSCRIPTION_NOTICE = "subscription.notice"
    SUBSCRIPTIONS_END = "subscriptions.end"
    SYNC_DUE = "sync.due"
    SYNC_RUN = "sync.run"
    ACCOUNTS_PROBE = "accounts.probe"
    ACCOUNT_TEST = "account.test"
    WATCHES_DUE = "watches.due"
    WATCH_KEEP = "watch.keep"
    CHANGES_READ = "changes.read"
    OUTGOING_SEND = "outgoing.send"
    SUBJECT_RUN = "subject.run"
    BACKUP_RUN = "backup.run"
    BACKUP_WATCH = "backup.watch"
    SUBJECTS_DUE = "subjects.due"
    NOTICES_PUBLISH = "notices.publish"
    NOTICE_ANNOUNCE = "notice.announce"
    INQUIRIES_ASK = "inquiries.ask"
    CHECKS_RUN = "checks.run"
    BREACH_CONTROLLERS = "breach.controllers"
    BREACH_USERS = "breach.users"
    BREACHES_DUE = "breaches.due"
    PROCESSOR_ANNOUNCE = "processor.announce"
    PROMISES_EXAMINE = "promises.examine"
    PROMISES_EXAMINE_OWN = "promises.examine_own"
    ERASURES_EXPORT = "erasures.export"
    MAILBOXES_READ = "mailboxes.read"
    EXPORT_MAKE = "export.make"
    EXPORTS_DUE = "exports.due"
    EXPORT_NOTICE = "export.notice"


QUEUES: Mapping[JobName, Queue] = {
    JobName.MAIL_SEND: Queue.URGENT,
    JobName.RETENTION_RUN: Queue.URGENT,
    JobName.KEYS_AHEAD: Queue.URGENT,
    JobName.RETENTION_DELETE: Queue.SLOW,
    JobName.LEDGER_VERIFY: Queue.SLOW,
    JobName.LEDGER_VERIFY_OWN: Queue.SLOW,
    JobName.EXPIRED_SWEEP: Queue.SLOW,
    JobName.CALLS_REMAP: Queue.SLOW,
    JobName.CALLS_COUNT: Queue.SLOW,
    JobName.RECORDS_REMAP: Queue.SLOW,
    # Servers that strangers name may be slow: whatever is ours comes before them.
    JobName.EVENT_DELIVER: Queue.STRANGERS,
    JobName.MARKETPLACE_ANNOUNCE: Queue.STRANGERS,
    JobName.SUBSCRIPTIONS_END: Queue.SLOW,
    JobName.SYNC_RUN: Queue.SLOW,
    JobName.BACKUP_RUN: Queue.ARCHIVES,
    JobName.ACCOUNTS_PROBE: Queue.SLOW,
    JobName.WATCHES_DUE: Queue.SLOW,
    JobName.CHANGES_READ: Queue.SLOW,
    JobName.SUBJECTS_DUE: Queue.SLOW,
    JobName.NOTICES_PUBLISH: Queue.SLOW,
    JobName.INQUIRIES_ASK: Queue.SLOW,
    JobName.CHECKS_RUN: Queue.SLOW,
    JobName.BREACH_CONTROLLERS: Queue.URGENT,
    JobName.BREACH_USERS: Queue.URGENT,
    JobName.PROMISES_EXAMINE: Queue.SLOW,
    JobName.ERASURES_EXPORT: Queue.URGENT,
    JobName.MAILBOXES_READ: Queue.SLOW,
    JobName.EXPORT_MAKE: Queue.ARCHIVES,
    JobName.EXPORTS_DUE: Queue.SLOW,
}
"""Where a job goes when whoever adds it says nothing; the rest goes to the default queue."""
