"""A mail server that lies: what it announces is not waited for, and its words go nowhere."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

import pytest
from pydantic import SecretStr

from privacy.mailboxes.errors import MailboxAway
from privacy.mailboxes.sessions import MailboxServer

_OK = {
    b"LOGIN": b"",
    b"SELECT": b"* 1 EXISTS\r\n",
    b"UID SEARCH": b"* SEARCH 1\r\n",
    b"LOGOUT": b"* BYE\r\n",
}


@contextmanager
def _server(fetched: bytes) -> Iterator[str]:
    """One connection; whatever is fetched is answered with `fetched`."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rwb") as file:
            file.write(b"* OK [CAPABILITY IMAP4rev1] canary greets\r\n")
            file.flush()
            for line in file:
                tag, _, said = line.partition(b" ")
                known = next((word for word in _OK if said.upper().startswith(word)), None)
                begin = b"* CAPABILITY IMAP4rev1\r\n" if known is None else _OK[known]
                fetches = said.upper().startswith(b"UID FETCH")
                file.write(fetched if fetches else begin + tag + b" OK done\r\n")
                file.flush()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"imap://a:b@127.0.0.1:{listening.getsockname()[1]}/INBOX"
    finally:
        listening.close()


@pytest.mark.attack(47)
@pytest.mark.parametrize(
    "fetched",
    [
        b"* 1 FETCH (UID 1 RFC822.SIZE 9 BODY[]<0> {900000000}\r\ncanary",
        b"* 1 FETCH (UID 1 BODY[]<0> " + b"canary" * 200_000,
    ],
    ids=["a literal", "a line"],
)
def test_a_mail_larger_than_was_asked_for_is_not_waited_for(fetched: bytes) -> None:
    with _server(fetched) as url:
        server, began = MailboxServer(SecretStr(url), timeout=9), perf_counter()
        with pytest.raises(MailboxAway) as refused:
            _fetch(server)
    assert perf_counter() - began < 5, "it was refused, and not waited for"
    assert refused.value.__cause__ is None
    assert "canary" not in str(refused.value)


def _fetch(server: MailboxServer) -> None:
    with server.opened() as mailbox:
        assert mailbox.unread() == ["1"]
        mailbox.fetch("1")
