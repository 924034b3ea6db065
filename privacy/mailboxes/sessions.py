"""IMAP (RFC 3501, RFC 9051 where both agree), over verified TLS or on loopback.

imaps://user:password@host:993/INBOX             TLS from the first byte
imap+starttls://user:password@host:143/INBOX     STARTTLS, or nothing is said
imap://user:password@127.0.0.1:143/INBOX         loopback only; the settings refuse others

With a token instead of a password the URL holds the user alone (XOAUTH2, as Microsoft 365 has it).
"""

import imaplib
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from privacy.core.errors import Misconfigured
from privacy.core.transport import require_protected
from privacy.mailboxes.errors import MailboxAway, MailboxRefusedUs
from privacy.mailboxes.parse import LARGEST

TIMEOUT_SECONDS: Final = 30.0
LEFT_FOR: Final = timedelta(days=30)
"""Mails that nobody here is meant by stay in the mailbox, marked as read, for so long."""
_PORTS: Final = {"imap": 143, "imaps": 993, "imap+starttls": 143}
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d{1,12})")
_MONTHS: Final = "JanFebMarAprMayJunJulAugSepOctNovDec"
_CAME: Final = re.compile(
    rb'INTERNALDATE "([ \d]\d)-([A-Z][a-z]{2})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-]\d{4})"'
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """The beginning of a mail, how large it is as a whole, and when the server got it."""

    data: bytes
    size: int
    came_at: datetime | None

    def __repr__(self) -> str:
        return "<Fetched>"


class Mailbox(Protocol):
    """A mailbox that is open. Everything raises MailboxAway."""

    def unread(self) -> list[str]:
        """Ids of mails that nobody read, oldest first."""

    def fetch(self, uid: str) -> Fetched | None:
        """One mail, still unread; None where it is gone."""

    def remove(self, uid: str) -> None:
        """It was taken: delete it, or move it away."""

    def put_aside(self, uid: str) -> None:
        """Leave it, marked as read, for whoever looks after the mailbox."""

    def forget_old(self, now: datetime) -> int:
        """Delete what was put aside LEFT_FOR ago. Returns how many."""


@dataclass(frozen=True, slots=True)
class MailboxServer:
    """Where the mailbox is. `moved_to`: folder for what was taken; deleted where None. `token`:
    fetches what opens it instead of a password; raises MailboxAway, MailboxRefusedUs."""

    url: SecretStr
    moved_to: str | None = None
    trust: ssl.SSLContext | None = None
    timeout: float = TIMEOUT_SECONDS
    token: Callable[[], str] | None = None

    def __post_init__(self) -> None:
        """Refuse what the settings would refuse, whoever made this."""
        check_mailbox_url(self.url.get_secret_value())

    @contextmanager
    def opened(self) -> Iterator[Mailbox]:
        """Signed in, the folder selected; one connection, closed at the end.

        Raises:
            MailboxRefusedUs: certificate, sign-in or folder. MailboxAway: anything else.
        """
        parts = urlsplit(self.url.get_secret_value())
        token = self.token() if self.token is not None else None
        with _translated():
            server = self._connect(
                parts.scheme, parts.hostname or "", parts.port or _PORTS[parts.scheme]
            )
        try:
            with _refusals():
                user = unquote(parts.username or "")
                if token is None:
                    _sign_in(server, user, unquote(parts.password or ""))
                else:
                    _show_token(server, user, token)
                _check(server.select(_quoted(unquote(parts.path.strip("/")) or "INBOX")))
            yield _Opened(server, self.moved_to)
            with suppress(imaplib.IMAP4.error, OSError):
                server.logout()
        finally:
            # Without a word after a failure: whoever broke off is not waited for again.
            with suppress(OSError):
                server.shutdown()

    def _connect(self, scheme: str, host: str, port: int) -> imaplib.IMAP4:
        trust = self.trust or ssl.create_default_context()
        if scheme == "imaps":
            return _BoundedTls(host, port, ssl_context=trust, timeout=self.timeout)
        server = _Bounded(host, port, timeout=self.timeout)
        if scheme == "imap+starttls":
            try:
                server.starttls(ssl_context=trust)
            except BaseException:
                server.shutdown()
                raise
        return server


def check_mailbox_url(url: str) -> None:
    """Raises Misconfigured for a URL that is none, ValueError for one in the clear."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname or not parts.username:
        raise Misconfigured(
            "SILTA_IMAP_URL is not imaps://user:password@host, imap+starttls:// or imap://"
        )
    require_protected(url, scheme="imap")


class _Opened:
    """A folder that is selected."""

    def __init__(self, server: imaplib.IMAP4, moved_to: str | None) -> None:
        self._server = server
        self._moved_to = moved_to

    def unread(self) -> list[str]:
        return self._search("UNSEEN", "UNDELETED")

    def fetch(self, uid: str) -> Fetched | None:
        with _translated():
            said = self._uid("FETCH", uid, f"(RFC822.SIZE INTERNALDATE BODY.PEEK[]<0.{LARGEST}>)")
        for part in said:
            if isinstance(part, tuple) and len(part) == 2:
                size = _SIZE.search(part[0])
                whole = int(size[1]) if size else len(part[1])
                return Fetched(part[1], whole, _came_at(part[0]))
        return None

    def remove(self, uid: str) -> None:
        with _translated():
            if self._moved_to is not None:
                self._uid("COPY", uid, _quoted(self._moved_to))
            self._uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted \Seen)")
            self._expunge(uid)

    def put_aside(self, uid: str) -> None:
        with _translated():
            self._uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")

    def forget_old(self, now: datetime) -> int:
        day = now - LEFT_FOR
        month = _MONTHS[day.month * 3 - 3 : day.month * 3]
        before = f"{day.day:02}-{month}-{day.year}"
        old = self._search("SEEN", "UNDELETED", "BEFORE", before)
        with _translated():
            for uid in old:
                self._uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
                self._expunge(uid)
        return len(old)

    def _search(self, *criteria: str) -> list[str]:
        with _translated():
            said = self._uid("SEARCH", *criteria)
        words = said[0].decode("ascii", "replace").split() if said and said[0] else []
        return [word for word in words if word.isdecimal()]

    def _expunge(self, uid: str) -> None:
        """This one only, where the server can (RFC 4315)."""
        if "UIDPLUS" in self._server.capabilities:
            self._uid("EXPUNGE", uid)
        else:
            _check(self._server.expunge())

    def _uid(self, command: str, *arguments: str) -> list[Any]:
        return _check(self._server.uid(command, *arguments))


class _Bounds:
    """A server that announces more than was asked for is not believed."""

    def read(self, size: int) -> bytes:
        if size > LARGEST + 65_536:
            raise imaplib.IMAP4.abort("too large")
        data: bytes = super().read(size)  # type: ignore[misc]
        return data


class _Bounded(_Bounds, imaplib.IMAP4):
    pass


class _BoundedTls(_Bounds, imaplib.IMAP4_SSL):
    pass


def _sign_in(server: imaplib.IMAP4, user: str, password: str) -> None:
    """LOGIN is ASCII (RFC 3501 §6.2.3); beyond that PLAIN in UTF-8 (RFC 4616)."""
    if (user + password).isascii():
        _check(server.login(user, password))
    else:
        _check(server.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode()))


def _show_token(server: imaplib.IMAP4, user: str, token: str) -> None:
    """XOAUTH2. Who refuses says why in one more challenge, which wants an empty answer."""
    answers = iter((f"user={user}\1auth=Bearer {token}\1\1".encode(),))
    _check(server.authenticate("XOAUTH2", lambda _: next(answers, b"")))


def _check(answer: tuple[str, Any]) -> list[Any]:
    if answer[0] != "OK":
        raise imaplib.IMAP4.error(answer[0])
    said: list[Any] = answer[1]
    return said


def _came_at(said: bytes) -> datetime | None:
    """RFC 3501 §2.3.3; names of months are English, whatever the process speaks."""
    found = _CAME.search(said)
    if found is None:
        return None
    day, name, year, hour, minute, second, zone = (part.decode() for part in found.groups())
    month, off = _MONTHS.find(name) // 3 + 1, _MONTHS.find(name) % 3
    if not month or off:
        return None
    iso = f"{year}-{month:02}-{int(day):02}T{hour}:{minute}:{second}{zone[:3]}:{zone[3:]}"
    try:
        return datetime.fromisoformat(iso)
    except ValueError:
        return None


def _quoted(folder: str) -> str:
    if not folder.isascii() or not folder.isprintable():
        raise Misconfigured("The mailbox's folder has to be named in ASCII.")
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@contextmanager
def _translated() -> Iterator[None]:
    """Errors of the library, which quote the server, as ours, which do not."""
    try:
        yield
    except ssl.SSLError:
        raise MailboxRefusedUs from None
    except (imaplib.IMAP4.error, OSError, EOFError, ValueError):
        raise MailboxAway from None


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except (imaplib.IMAP4.abort, OSError):
        raise MailboxAway from None
    except imaplib.IMAP4.error:
        raise MailboxRefusedUs from None
