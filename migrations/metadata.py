"""Every mapped class, gathered, so that the schema can be compared with the models."""

from connector.accounts import connections as _connections
from connector.accounts import models as _accounts
from connector.calls import models as _calls
from connector.events_out import models as _events_out
from connector.idempotency import models as _idempotency
from connector.imports import models as _imports
from connector.outgoing import models as _outgoing
from connector.syncs import models as _syncs
from privacy.core import watch as _watch
from privacy.core.db.base import Base
from privacy.core.outbox import heartbeats as _heartbeats
from privacy.core.outbox import models as _outbox
from privacy.ledger import models as _ledger
from privacy.mails import models as _mails
from privacy.vault import models as _vault
from tenants.api_keys import models as _api_keys
from tenants.devices import models as _devices
from tenants.invitations import models as _invitations
from tenants.limits import models as _limits
from tenants.links import models as _links
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
    _mails,
    _accounts,
    _connections,
    _syncs,
    _outgoing,
    _calls,
    _events_out,
    _idempotency,
    _imports,
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
