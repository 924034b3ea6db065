"""Reading a kept document of a call again, whichever way it came."""

from collections.abc import Callable

from connector.accounts.kinds import AccountKind
from connector.accounts.refs import AccountRef
from connector.calls.shapes import IncomingCall
from connector.providers.base import RawCall
from connector.providers.choices import mapping_of, settings_of
from connector.providers.microsoft.provider import MICROSOFT_CALLS
from connector.providers.registry import MAPPINGS
from privacy.core.errors import Conflict

Reread = Callable[[bytes], IncomingCall | None]
"""A document's call, as it is read now; None where it is none any more."""

_ASKED = {AccountKind(MICROSOFT_CALLS.name): MICROSOFT_CALLS.reread}
"""Kinds whose documents have a shape of their own."""


class NothingKept(Conflict):
    """Documents of such a system are not kept, or cannot be read again."""

    code = "nothing_to_map_again"
    message = "Nothing is kept of this system that could be read again."


def rereads_calls(kind: AccountKind) -> bool:
    """Whether documents of calls are kept of such accounts."""
    return kind in _ASKED or kind.value in MAPPINGS


def reader_of(account: AccountRef) -> Reread:
    """How the account's kept documents are read.

    Raises:
        NothingKept: its calls were told as they are, so there is nothing to read again.
        Invalid: what is stored of its settings is not usable.
    """
    if account.kind in _ASKED:
        return _ASKED[account.kind]
    if account.kind.value not in MAPPINGS:
        raise NothingKept
    mapping, settings = mapping_of(account), settings_of(account)

    def read(document: bytes) -> IncomingCall | None:
        found = mapping.map(RawCall.from_document(document), settings)
        return found if isinstance(found, IncomingCall) else None

    return read
