"""Every mapped class, gathered, so that the schema can be compared with the models."""

from connector.accounts import connections as _connections
from connector.accounts import models as _accounts
from connector.calls import models as _calls
from connector.charging import models as _charging
from connector.contacts import models as _contacts
from connector.events_out import models as _events_out
from connector.exports import models as _exports
from connector.free_fields import models as _free_fields
from connector.idempotency import models as _idempotency
from connector.imports import models as _imports
from connector.informing import models as _informing
from connector.inquiries import models as _inquiries
from connector.inquiries.forms import models as _web_forms
from connector.invoices import models as _invoices
from connector.mappings import models as _mappings
from connector.marketplace import models as _marketplace
from connector.outgoing import models as _outgoing
from connector.payments import models as _payments
from connector.products import models as _products
from connector.registrations import models as _registrations
from connector.stale import models as _stale
from connector.subscriptions import models as _subscriptions
from connector.synced.erasures import models as _erasures
from connector.syncs import models as _syncs
from connector.watches import models as _watches
from privacy.acceptances import models as _acceptances
from privacy.backups import models as _backups
from privacy.breaches import models as _breaches
from privacy.checks import models as _checks
from privacy.confirmations import models as _confirmations
from privacy.consents import models as _consents
from privacy.core import watch as _watch
from privacy.core.db.base import Base
from privacy.core.outbox import heartbeats as _heartbeats
from privacy.core.outbox import models as _outbox
from privacy.disclosures import models as _disclosures
from privacy.documents import models as _documents
from privacy.erasures import models as _journal
from privacy.holds import models as _holds
from privacy.ledger import models as _ledger
from privacy.mailboxes import models as _mailboxes
from privacy.mails import models as _mails
from privacy.moves import models as _moves
from privacy.notices import models as _notices
from privacy.objections import models as _objections
from privacy.processors import models as _processors
from privacy.profiles import models as _profiles
from privacy.promises import models as _promises
from privacy.restrictions import models as _restrictions
from privacy.subjects import models as _subjects
from privacy.suppressions import models as _suppressions
from privacy.vault import models as _vault
from tenants.api_keys import models as _api_keys
from tenants.devices import models as _devices
from tenants.invitations import models as _invitations
from tenants.limits import models as _limits
from tenants.links import models as _links
from tenants.marketplace_keys import models as _marketplace_keys
from tenants.memberships import models as _memberships
from tenants.recovery_codes import models as _recovery_codes
from tenants.sessions import models as _sessions
from tenants.tenants import models as _tenants
from tenants.usages import models as _usages
from tenants.users import models as _users

metadata = Base.metadata
MODELS = (
    _watch,
    _heartbeats,
    _outbox,
    _vault,
    _ledger,
    _backups,
    _moves,
    _mails,
    _mailboxes,
    _consents,
    _objections,
    _suppressions,
    _subjects,
    _restrictions,
    _holds,
    _documents,
    _profiles,
    _notices,
    _acceptances,
    _confirmations,
    _informing,
    _promises,
    _breaches,
    _checks,
    _stale,
    _disclosures,
    _processors,
    _journal,
    _accounts,
    _free_fields,
    _charging,
    _connections,
    _syncs,
    _erasures,
    _watches,
    _mappings,
    _outgoing,
    _calls,
    _events_out,
    _exports,
    _marketplace,
    _marketplace_keys,
    _contacts,
    _idempotency,
    _imports,
    _inquiries,
    _registrations,
    _web_forms,
    _invoices,
    _payments,
    _products,
    _subscriptions,
    _api_keys,
    _devices,
    _invitations,
    _limits,
    _links,
    _memberships,
    _recovery_codes,
    _sessions,
    _tenants,
    _usages,
    _users,
)
"""Modules that map tables; naming them here is what imports them."""
