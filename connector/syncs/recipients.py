"""Who may be asked: what the service's profile declares, and nobody else (promise E2)."""

from collections.abc import Iterable, Iterator

from connector.outbound.recipients import Recipient, Recipients, names_this_machine
from privacy.profiles import Profile


def recipients_of(declared: Profile, asked: Iterable[str], *, loopback: bool) -> Recipients:
    """The allow-list of an account whose profile is `declared` and that asks the URLs `asked`.

    A profile that lets tenants name systems of their own (as sources) declares what the account
    names. In development, with loopback open, this machine may be asked, too.
    """
    allowed = [Recipient(one.host, one.port) for one in declared.recipients]
    own = declared.tenant_may_name("source")
    for recipient in _read(asked):
        here = names_this_machine(recipient.host)
        if (here and loopback) or (own and not here):
            allowed.append(recipient)
    return Recipients(allowed)


def _read(asked: Iterable[str]) -> Iterator[Recipient]:
    for url in asked:
        try:
            yield Recipient.of(url)
        except ValueError:
            continue
