"""Systems that are asked, by the kind of their accounts. A new vendor is one line here."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from connector.accounts.kinds import AccountKind
from connector.providers.microsoft.provider import MICROSOFT, MICROSOFT_CALLS
from connector.providers.moontalk.provider import MOONTALK_PULL
from connector.providers.netvisor.provider import NETVISOR
from connector.providers.port import Provider

PROVIDERS: Final[Mapping[AccountKind, Provider]] = MappingProxyType(
    {
        AccountKind.NETVISOR: NETVISOR,
        AccountKind.MICROSOFT: MICROSOFT,
        AccountKind.MICROSOFT_CALLS: MICROSOFT_CALLS,
        AccountKind.MOONTALK_PULL: MOONTALK_PULL,
    }
)
