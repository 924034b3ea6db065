"""A real mail server on loopback, with a certificate of its own where one is needed."""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP as POLICY
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from privacy.core.clock import now

USER, PASSWORD = "silta@example.com", "p@ss w:rd/ä"


@dataclass
class Postbox:
    """Keeps what it is given; answers what it is told to."""

    answers: list[str] = field(default_factory=list)
    refuses: str | None = None
    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.raw.append(content)
            self.mails.append(BytesParser(policy=POLICY).parsebytes(content))
            self.sessions.append(session)
        return answer


class _Tls(Controller):
    """TLS from the first byte, when `implicit`; otherwise offered."""

    def __init__(self, handler: Postbox, *, implicit: ssl.SSLContext | None, **kwargs: Any):
        super().__init__(handler, hostname="127.0.0.1", port=0, ssl_context=implicit, **kwargs)

    def _trigger_server(self) -> None:
        """The library's own knock assumes a fixed port; the kernel chose ours."""
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        with socket.create_connection(("127.0.0.1", self.port), timeout=5):
            self._factory_invoked.wait(5)


@dataclass(frozen=True)
class Running:
    """A server that runs, and where."""

    port: int
    postbox: Postbox


@contextmanager
def mail_server(
    postbox: Postbox,
    *,
    implicit: ssl.SSLContext | None = None,
    offered: ssl.SSLContext | None = None,
    sign_in: bool = False,
) -> Iterator[Running]:
    """Run a server. `sign_in` takes USER and PASSWORD alone."""

    def authenticate(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        right = isinstance(data, LoginPassword) and (
            data.login == USER.encode() and data.password == PASSWORD.encode()
        )
        return AuthResult(success=right, handled=False)

    given: dict[str, Any] = {"tls_context": offered, "require_starttls": offered is not None}
    if sign_in:
        given |= {
            "authenticator": authenticate,
            "auth_required": True,
            "auth_require_tls": implicit is None,
        }
    controller = _Tls(postbox, implicit=implicit, **given)
    controller.start()
    try:
        yield Running(controller.port, postbox)
    finally:
        controller.stop()


def certificates(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server on 127.0.0.1 shows, and a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain, secret)
    return server, ssl.create_default_context(cafile=str(chain))
