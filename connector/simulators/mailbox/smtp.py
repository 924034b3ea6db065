"""SMTP (RFC 5321), as much of it as takes a mail in."""

import re
import socketserver
from typing import Final

from connector.simulators.mailbox.stores import Post

_PATH: Final = re.compile(rb"(MAIL FROM|RCPT TO):\s*<([^<>\s]*)>.*", re.IGNORECASE)
_LONGEST: Final = 2_000
_LARGEST: Final = 30_000_000


class SmtpHandler(socketserver.StreamRequestHandler):
    """One connection."""

    timeout = 60
    server: "SmtpServer"

    def handle(self) -> None:
        """Take mails until somebody goes."""
        self._recipients: list[str] = []
        self._say("220 localhost simulated")
        while (line := self.rfile.readline(_LONGEST)).endswith(b"\n"):
            command = line.strip()
            word = command[:4].upper()
            if word == b"QUIT":
                self._say("221 bye")
                return
            self._answer(word, command)

    def _answer(self, word: bytes, command: bytes) -> None:
        path = _PATH.fullmatch(command)
        if word == b"EHLO":
            self._say("250-localhost")
            self._say("250 8BITMIME")
        elif path is not None:
            if word == b"RCPT":
                self._recipients.append(path[2].decode("ascii", "replace"))
            self._say("250 noted")
        elif word in (b"HELO", b"RSET", b"NOOP"):
            self._recipients = self._recipients if word == b"NOOP" else []
            self._say("250 yes")
        elif word == b"DATA" and self._recipients:
            self._take()
        else:
            self._say("503 not now")

    def _take(self) -> None:
        self._say("354 go on")
        lines, size = [], 0
        while (line := self.rfile.readline(_LARGEST)) not in (b".\r\n", b""):
            size += len(line)
            lines.append(line[1:] if line.startswith(b".") else line)
        if size > _LARGEST:
            self._say("552 too large")
            return
        for recipient in self._recipients:
            self.server.post.deliver(recipient, b"".join(lines))
        self._recipients = []
        self._say("250 taken")

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class SmtpServer(socketserver.ThreadingTCPServer):
    """SMTP into one post."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, post: Post, port: int) -> None:
        self.post = post
        super().__init__(("127.0.0.1", port), SmtpHandler)
