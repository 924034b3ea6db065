"""expired.sweep: what has expired by itself is deleted, tenant by tenant."""

from collections.abc import Callable, Sequence

from connector.calls.announce import announce_arrivals
from connector.events_out.log import sweep_events
from connector.exports.sweep import sweep_exports
from connector.free_fields.values import sweep_free_values
from connector.idempotency.forget_expired import forget_expired
from connector.informing.decide import sweep_informings
from connector.inquiries.erase import sweep_inquiries
from connector.inquiries.robots.spend import sweep_challenges
from connector.outgoing.forget import forget_documents
from connector.registrations.sweep import sweep_registrations
from connector.synced.end import erase_held
from connector.syncs.forget_runs import forget_runs
from jobs.contexts import TaskContext
from jobs.tasks.rounds import go_round
from privacy.checks.runs import forget_checks
from privacy.confirmations.ask import sweep_confirmations
from privacy.consents.holder import sweep_consents
from privacy.core.db.work import UnitOfWork
from privacy.disclosures.record import sweep_disclosures
from privacy.mailboxes.read import sweep_taken
from privacy.mails.destroy_expired import destroy_expired
from privacy.processors.announce import begin_processors
from privacy.promises.keep import forget_examinations
from privacy.restrictions.lift import lift_announced
from privacy.subjects.answers import close_answered, sweep_requests
from privacy.subjects.collect import sweep_parts
from privacy.subjects.decide import settle_extensions
from tenants.devices.known import sweep_devices
from tenants.invitations.sweep import sweep_invitations
from tenants.limits.counts import sweep_counts
from tenants.links.use import sweep_links
from tenants.sessions.end import sweep_sessions

SWEEPS: Sequence[Callable[[UnitOfWork], object]] = (
    sweep_sessions,
    sweep_links,
    sweep_invitations,
    sweep_devices,
    sweep_counts,
    close_answered,
    settle_extensions,
    lift_announced,
    destroy_expired,
    sweep_taken,
    forget_expired,
    sweep_inquiries,
    sweep_challenges,
    sweep_registrations,
    erase_held,
    sweep_free_values,
    announce_arrivals,
    sweep_events,
    forget_runs,
    forget_documents,
    sweep_parts,
    sweep_requests,
    sweep_consents,
    sweep_confirmations,
    sweep_informings,
    forget_examinations,
    forget_checks,
    sweep_disclosures,
    begin_processors,
    sweep_exports,
)
"""Each deletes the expired of one kind, of the bound tenant. None of it is readable by then."""


def sweep(context: TaskContext) -> None:
    """Sweep every tenant, each kind in a transaction of its own; no payload."""
    go_round(context, *SWEEPS)
