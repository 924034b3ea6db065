"""The mappings by the name of their kind of account."""

from types import MappingProxyType
from typing import Any, Final

from connector.providers.asterisk.mapping import Asterisk
from connector.providers.base import CallMapping, FileMapping
from connector.providers.freeswitch.mapping import FreeSwitch
from connector.providers.kamailio.mapping import Kamailio
from connector.providers.moontalk.mapping import Moontalk
from connector.providers.threecx.mapping import ThreeCx
from connector.providers.twilio.mapping import Twilio

_ALL: Final[tuple[CallMapping[Any], ...]] = (
    FreeSwitch(),
    Asterisk(),
    Twilio(),
    Kamailio(),
    ThreeCx(),
    Moontalk(),
    Moontalk("moontalk_pull"),
)

MAPPINGS: Final = MappingProxyType({mapping.name: mapping for mapping in _ALL})

FILES: Final[MappingProxyType[str, FileMapping[Any]]] = MappingProxyType(
    {"asterisk": Asterisk(), "threecx": ThreeCx()}
)
"""Those that read files of rows, for a resumable import."""
