"""SMTP as servers really speak it: over TLS, with sign-in, with every kind of no."""

import socket
import ssl
import threading
import uuid
from pathlib import Path
from urllib.parse import quote

import pytest
from pydantic import SecretStr

from privacy.core.errors import Misconfigured
from privacy.mails.errors import MailDeferred, MailRefused, MailServerRefusedUs
from privacy.mails.letters import Letter
from privacy.mails.transport import SmtpTransport, make_message
from tests.unit.mails.mail_servers import PASSWORD, USER, Postbox, certificates, mail_server

LETTER = Letter("alice@example.com", "Tervetuloa, Åsa", "Hello,\n\nyour link: https://x.test/ä\n")
MAIL_ID = uuid.UUID("01890000-0000-7000-8000-000000000001")
SENDER = "silta@example.org"
SIGNED_IN = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@"


def transport(url: str, trust: ssl.SSLContext | None = None, timeout: float = 5) -> SmtpTransport:
    return SmtpTransport(SecretStr(url), SENDER, trust, timeout)


def test_a_letter_arrives_as_it_was_written() -> None:
    with mail_server(Postbox()) as server:
        transport(f"smtp://127.0.0.1:{server.port}").send(LETTER, mail_id=MAIL_ID)
    (mail,) = server.postbox.mails
    assert mail["To"] == LETTER.to
    assert mail["From"] == SENDER
    assert mail["Subject"] == LETTER.subject
    assert mail["Message-ID"] == f"<{MAIL_ID}@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"]
    assert mail.get_content().replace("\r\n", "\n") == LETTER.body
    assert server.postbox.sessions[0].host_name == "example.org"


@pytest.mark.promise("F1")
@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")
def test_it_travels_over_tls_after_sign_in(scheme: str, tmp_path: Path) -> None:
    shown, trust = certificates(tmp_path)
    implicit = shown if scheme == "smtps" else None
    offered = shown if scheme != "smtps" else None
    with mail_server(Postbox(), implicit=implicit, offered=offered, sign_in=True) as server:
        url = f"{scheme}://{SIGNED_IN}127.0.0.1:{server.port}"
        transport(url, trust).send(LETTER, mail_id=MAIL_ID)
    (session,) = server.postbox.sessions
    assert session.authenticated


@pytest.mark.promise("F1")
@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_certificate_that_nobody_vouches_for_ends_it(scheme: str, tmp_path: Path) -> None:
    shown, _ = certificates(tmp_path)
    implicit = shown if scheme == "smtps" else None
    offered = shown if scheme != "smtps" else None
    with (
        mail_server(Postbox(), implicit=implicit, offered=offered) as server,
        pytest.raises(MailServerRefusedUs),
    ):
        transport(f"{scheme}://127.0.0.1:{server.port}").send(LETTER, mail_id=MAIL_ID)
    assert not server.postbox.mails


@pytest.mark.promise("F1")
def test_without_starttls_nothing_is_sent() -> None:
    with mail_server(Postbox()) as server, pytest.raises(MailServerRefusedUs):
        transport(f"smtp+starttls://127.0.0.1:{server.port}").send(LETTER, mail_id=MAIL_ID)
    assert not server.postbox.mails


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")
@pytest.mark.parametrize("password", ["wrong", "wr%C3%B6ng"])
def test_a_wrong_password_waits_for_the_operator(tmp_path: Path, password: str) -> None:
    shown, trust = certificates(tmp_path)
    with mail_server(Postbox(), implicit=shown, sign_in=True) as server:
        eve = transport(f"smtps://eve:{password}@127.0.0.1:{server.port}", trust)
        with pytest.raises(MailServerRefusedUs) as caught:
            eve.send(LETTER, mail_id=MAIL_ID)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("450 later", MailDeferred),
        ("452 full", MailDeferred),
        ("421 closing", MailDeferred),
        ("550 no such user alice@example.com", MailRefused),
        ("554 never", MailRefused),
    ],
)
def test_a_no_is_for_now_or_for_good(answer: str, error: type[Exception]) -> None:
    with mail_server(Postbox(refuses=answer)) as server, pytest.raises(error) as at_address:
        transport(f"smtp://127.0.0.1:{server.port}").send(LETTER, mail_id=MAIL_ID)
    with mail_server(Postbox(answers=[answer])) as server, pytest.raises(error) as at_content:
        transport(f"smtp://127.0.0.1:{server.port}").send(LETTER, mail_id=MAIL_ID)
    for caught in (at_address, at_content):
        assert "alice" not in str(caught.value)
        assert caught.value.__cause__ is None


def test_nobody_there_is_for_now() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(MailDeferred):
        transport(f"smtp://127.0.0.1:{port}").send(LETTER, mail_id=MAIL_ID)


@pytest.mark.attack(47)
def test_a_server_that_says_nothing_is_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(MailDeferred):
            transport(url, timeout=0.3).send(LETTER, mail_id=MAIL_ID)


def test_a_server_that_hangs_up_after_its_yes_has_taken_it() -> None:
    said: list[bytes] = []

    def serve(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rwb") as lines:
            for answer in (b"220 hi", b"250 ok", b"250 ok", b"250 ok", b"354 go"):
                lines.write(answer + b"\r\n")
                lines.flush()
                if not answer.startswith(b"354"):
                    said.append(lines.readline())
            while lines.readline() != b".\r\n":
                pass
            lines.write(b"250 taken\r\n")
            lines.flush()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        url = f"smtp://127.0.0.1:{listening.getsockname()[1]}"
        transport(url).send(LETTER, mail_id=MAIL_ID)
        thread.join()
    assert said[-1].startswith(b"data")


@pytest.mark.attack(53)
@pytest.mark.parametrize(
    "to",
    [
        "alice@example.com\r\nBcc: eve@example.net",
        "alice@example.com, eve@example.net",
        "alice@example.com\nX: 1",
        "<alice@example.com>",
        "alice",
        "",
        "Alice <alice@example.com>",
    ],
)
def test_an_address_that_is_none_or_more_than_one_is_refused(to: str) -> None:
    with pytest.raises(MailRefused):
        make_message(Letter(to, "s", "b"), sender=SENDER, mail_id=MAIL_ID)


@pytest.mark.attack(53)
def test_a_subject_adds_no_header() -> None:
    with pytest.raises(MailRefused):
        make_message(
            Letter("a@example.com", "Hello\r\nBcc: eve@example.net", "b"),
            sender=SENDER,
            mail_id=MAIL_ID,
        )


def test_a_dot_on_a_line_of_its_own_ends_nothing() -> None:
    letter = Letter("a@example.com", "s", "one\n.\nRCPT TO:<eve@example.net>\n..\n")
    with mail_server(Postbox()) as server:
        transport(f"smtp://127.0.0.1:{server.port}").send(letter, mail_id=MAIL_ID)
    (mail,) = server.postbox.mails
    assert mail.get_content().replace("\r\n", "\n") == letter.body


@pytest.mark.promise("F1")
def test_plain_smtp_stays_on_loopback() -> None:
    for url in ("smtp://mail.example.com", "smtp://192.0.2.1:25"):
        with pytest.raises(ValueError, match="loopback"):
            transport(url)
    for url in ("https://example.com", "smtp://"):
        with pytest.raises(Misconfigured):
            transport(url)


def test_the_password_does_not_print() -> None:
    made = transport(f"smtps://{SIGNED_IN}mail.example.com")
    assert "ss%20w" not in repr(made)
    assert PASSWORD not in repr(made)
