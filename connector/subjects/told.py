"""Events of requests, as far as an endpoint's use lets them be told (promise A13)."""

from collections.abc import Mapping
from typing import Any

from privacy.core.db.work import UnitOfWork
from privacy.suppressions.uses import OBJECTABLE, Use
from privacy.vault.keyring import Keyring


def request_for(
    _: UnitOfWork, __: Keyring, facts: Mapping[str, Any], use: Use
) -> Mapping[str, Any] | None:
    """The facts; None for a use that people can object to: nobody is marketed to, polled or
    studied because they asked for their rights, whoever they are."""
    return None if use in OBJECTABLE else facts
