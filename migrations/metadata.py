"""Every mapped class, gathered, so that the schema can be compared with the models."""

from connector.accounts import models as _accounts
from connector.calls import models as _calls
from connector.idempotency import models as _idempotency
from privacy.core import watch as _watch
from privacy.core.db.base import Base
from privacy.core.outbox import heartbeats as _heartbeats
from privacy.core.outbox import models as _outbox
from privacy.ledger import models as _ledger
from privacy.mails import models as _mails
from privacy.vault import models as _vault

metadata = Base.metadata
MODELS = (_watch, _heartbeats, _outbox, _vault, _ledger, _mails, _accounts, _calls, _idempotency)
"""Modules that map tables; naming them here is what imports them."""
