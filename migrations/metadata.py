"""Every mapped class, gathered, so that the schema can be compared with the models."""

from privacy.core import watch as _watch
from privacy.core.db.base import Base
from privacy.core.outbox import models as _outbox

metadata = Base.metadata
MODELS = (_watch, _outbox)
"""Modules that map tables; naming them here is what imports them."""
