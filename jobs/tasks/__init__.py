"""What each job does: a few lines each, shells over use cases of the floors below."""

from collections.abc import Mapping

from jobs.contexts import Task
from jobs.tasks import (
    backups,
    events_out,
    keys,
    ledgers,
    mailboxes,
    mails,
    marketplaces,
    notices,
    outgoing,
    posts,
    promises,
    remaps,
    retentions,
    subjects,
    sweeps,
    syncs,
    visits,
    watches,
)
from privacy.core.outbox.names import JobName

TASKS: Mapping[JobName, Task] = {
    JobName.MAIL_SEND: mails.send,
    JobName.SESSION_RESOLVE: visits.resolve,
    JobName.RETENTION_RUN: retentions.run,
    JobName.RETENTION_DELETE: retentions.delete,
    JobName.KEYS_AHEAD: keys.make_ahead,
    JobName.LEDGER_VERIFY: ledgers.verify,
    JobName.LEDGER_VERIFY_OWN: ledgers.verify_own,
    JobName.POSTS_RECORD: posts.record,
    JobName.EXPIRED_SWEEP: sweeps.sweep,
    JobName.EVENT_DELIVER: events_out.deliver,
    JobName.CALLS_ANNOUNCE: events_out.announce,
    JobName.CALLS_REMAP: remaps.run,
    JobName.RECORDS_REMAP: remaps.run_records,
    JobName.ENDPOINT_NOTICE: events_out.notify,
    JobName.MARKETPLACE_ANNOUNCE: marketplaces.announce,
    JobName.SUBSCRIPTION_NOTICE: marketplaces.notify,
    JobName.SUBSCRIPTIONS_END: marketplaces.end,
    JobName.SYNC_DUE: syncs.find_due,
    JobName.SYNC_RUN: syncs.run,
    JobName.ACCOUNTS_PROBE: syncs.probe,
    JobName.ACCOUNT_TEST: syncs.test,
    JobName.WATCHES_DUE: watches.find_due,
    JobName.WATCH_KEEP: watches.keep,
    JobName.CHANGES_READ: watches.read,
    JobName.OUTGOING_SEND: outgoing.send,
    JobName.SUBJECT_RUN: subjects.run,
    JobName.BACKUP_RUN: backups.run,
    JobName.SUBJECTS_DUE: subjects.tell,
    JobName.NOTICES_PUBLISH: notices.publish,
    JobName.NOTICE_ANNOUNCE: notices.announce,
    JobName.PROMISES_EXAMINE: promises.examine_all,
    JobName.PROMISES_EXAMINE_OWN: promises.examine_own,
    JobName.ERASURES_EXPORT: subjects.export,
    JobName.MAILBOXES_READ: mailboxes.read,
}
"""The task of every job. A test holds that none is missing."""
