"""Every mapped class, gathered, so that the schema can be compared with the models."""

from connector.accounts import models as _accounts
from connector.calls import models as _calls
from privacy.core import watch as _watch
from privacy.core.db.base import Base
from privacy.core.outbox import models as _outbox

metadata = Base.metadata
MODELS = (_watch, _outbox, _accounts, _calls)
"""Modules that map tables; naming them here is what imports them."""
