"""Where events may be sent: the one host that the tenant declares by naming it (promise E2)."""

from typing import Final

from connector.events_out.models import WebhookEndpoint
from connector.outbound.recipients import Recipient, Recipients, names_this_machine
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Scope
from privacy.vault.meanings import Meaning

PORTS: Final = frozenset({443, 8443})
LONGEST: Final = 1000


def checked_url(url: str, *, loopback: bool) -> str:
    """The address as it was given, if events can go there.

    Args:
        loopback: development: this machine may be named, with plain http and any port.

    Raises:
        Invalid: no https, another port than 443 or 8443, an address in place of a name, this
            machine, or a spelling that two programs could read differently (ATTACK 46).
    """
    given = url.strip()
    try:
        recipient = Recipient.of(given) if len(given) <= LONGEST else None
    except ValueError:
        recipient = None
    if recipient is None:
        raise _invalid("Give an address like https://hooks.example.com/silta, by its full name.")
    if names_this_machine(recipient.host):
        if not loopback:
            raise _invalid("This machine cannot be told. Give an address in the internet.")
    elif recipient.port not in PORTS:
        raise _invalid("Use port 443 or 8443.")
    return given


def recipients_of(url: str) -> Recipients:
    """An allow-list of the one host that `url` names."""
    return Recipients([Recipient.of(url)])


def seal_url(work: UnitOfWork, vault: Keyring, endpoint: WebhookEndpoint, url: str) -> None:
    """Put `url` into the row, under the row's `url_version`."""
    endpoint.url_sealed = vault.seal(work, Scope.SETTINGS, _meaning(endpoint), url.encode("ascii"))


def open_url(work: UnitOfWork, vault: Keyring, endpoint: WebhookEndpoint) -> str:
    """The address. Raises OpenError: it was changed outside the service."""
    return vault.open(work, Scope.SETTINGS, _meaning(endpoint), endpoint.url_sealed).decode("ascii")


def _meaning(endpoint: WebhookEndpoint) -> Meaning:
    return Meaning(
        "endpoint url",
        endpoint.tenant_id,
        "webhook_endpoints",
        endpoint.id,
        "url_sealed",
        endpoint.url_version,
    )


def _invalid(text: str) -> Invalid:
    return Invalid(fields={"url": text})
