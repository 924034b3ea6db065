"""SMTP (RFC 5321), over verified TLS or on loopback.

smtps://user:password@host:465              TLS from the first byte
smtp+starttls://user:password@host:587      STARTTLS, or nothing is sent
smtp://127.0.0.1:25                         loopback only; the settings refuse others
"""

import smtplib
import ssl
import uuid
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from privacy.core import clock
from privacy.core.errors import Misconfigured
from privacy.core.transport import require_protected
from privacy.mails.errors import MailDeferred, MailRefused, MailServerRefusedUs
from privacy.mails.letters import Letter

TIMEOUT_SECONDS = 20.0
_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
_PERMANENT = 500
_SIGNED_IN = 235


class Transport(Protocol):
    """Something that takes letters."""

    def send(self, letter: Letter, *, mail_id: uuid.UUID) -> None:
        """Hand a letter over. Raises MailDeferred, MailRefused."""


@dataclass(frozen=True, slots=True)
class SmtpTransport:
    """One mail server; a connection for each letter, so a lost one costs one letter."""

    url: SecretStr
    sender: str
    trust: ssl.SSLContext | None = None
    """Whom to trust; the system's authorities where nothing is given."""
    timeout: float = TIMEOUT_SECONDS

    def __post_init__(self) -> None:
        """Refuse what the settings would refuse, whoever made this."""
        parts = urlsplit(self.url.get_secret_value())
        if parts.scheme not in _PORTS or not parts.hostname:
            raise Misconfigured("SILTA_SMTP_URL is not smtps://, smtp+starttls:// or smtp://")
        require_protected(self.url.get_secret_value(), scheme="smtp")

    def send(self, letter: Letter, *, mail_id: uuid.UUID) -> None:
        """Send one letter; `mail_id` is its Message-ID, so that a repeat can be recognised.

        Raises:
            MailRefused: the server refused it for good, or it cannot be written as a mail.
            MailDeferred: anything that another try can mend.
        """
        message = make_message(letter, sender=self.sender, mail_id=mail_id)
        with _translated(), self._connected() as server:
            server.send_message(message)

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        parts = urlsplit(self.url.get_secret_value())
        server = self._open(parts.scheme, parts.hostname or "", parts.port or _PORTS[parts.scheme])
        try:
            if parts.username:
                _sign_in(server, unquote(parts.username), unquote(parts.password or ""))
            yield server
            # The letter is taken; a server that hangs up rudely does not untake it.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()

    def _open(self, scheme: str, host: str, port: int) -> smtplib.SMTP:
        trust = self.trust or ssl.create_default_context()
        name = _domain(self.sender)
        if scheme == "smtps":
            return smtplib.SMTP_SSL(
                host, port, local_hostname=name, timeout=self.timeout, context=trust
            )
        server = smtplib.SMTP(host, port, local_hostname=name, timeout=self.timeout)
        if scheme == "smtp+starttls":
            try:
                server.starttls(context=trust)
            except BaseException:
                server.close()
                raise
        return server


def _sign_in(server: smtplib.SMTP, user: str, password: str) -> None:
    """As the library does; it knows ASCII only, so beyond that PLAIN in UTF-8 (RFC 4616)."""
    if (user + password).isascii():
        server.login(user, password)
        return
    server.ehlo_or_helo_if_needed()
    token = b64encode(f"\0{user}\0{password}".encode()).decode()
    code, answer = server.docmd("AUTH", f"PLAIN {token}")
    if code != _SIGNED_IN:
        raise smtplib.SMTPAuthenticationError(code, answer)


def make_message(letter: Letter, *, sender: str, mail_id: uuid.UUID) -> EmailMessage:
    """The letter as RFC 5322 has it. Raises MailRefused for an address that is none."""
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = Address(addr_spec=sender)
        message["To"] = Address(addr_spec=letter.to)
        message["Subject"] = letter.subject
        if letter.reply_to is not None:
            message["Reply-To"] = Address(addr_spec=letter.reply_to)
    except (ValueError, MessageError, IndexError):
        raise MailRefused(code="mail_malformed") from None
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{mail_id}@{_domain(sender)}>"
    if letter.reply_to is None:
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834 §5: no out-of-office answers
    message.set_content(letter.body)
    return message


@contextmanager
def _translated() -> Iterator[None]:
    """Errors of the library, which quote addresses and answers, as ours, which do not."""
    try:
        yield
    except (ssl.SSLError, smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError):
        raise MailServerRefusedUs from None
    except smtplib.SMTPRecipientsRefused as error:
        raise _by_code(max(code for code, _ in error.recipients.values())) from None
    except smtplib.SMTPResponseException as error:
        raise _by_code(error.smtp_code) from None
    except (smtplib.SMTPException, OSError):
        raise MailDeferred from None


def _by_code(code: int) -> Exception:
    return MailRefused() if code >= _PERMANENT else MailDeferred()


def _domain(address: str) -> str:
    return address.rpartition("@")[2] or "localhost"
