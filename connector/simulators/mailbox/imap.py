"""IMAP4rev1 with UIDPLUS, as much of it as a client needs that reads and empties a folder.

It is strict: what is not IMAP, or not allowed in the state of the connection, is answered BAD.
"""

import re
import socketserver
import ssl
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress
from hmac import compare_digest
from typing import Any, Final

from connector.simulators.mailbox import folders
from connector.simulators.mailbox.stores import INBOX, Folder, Post
from connector.simulators.mailbox.words import Malformed, Word, read_set, read_words

CAPABILITIES: Final = "IMAP4rev1 UIDPLUS AUTH=PLAIN AUTH=XOAUTH2"
_TAG: Final = re.compile(rb"([A-Za-z0-9]{1,32}) (.+)\r\n", re.DOTALL)
_LITERAL: Final = re.compile(rb"\{(\d{1,8})(\+?)\}\r\n$")
_XOAUTH2: Final = re.compile(rb"user=([^\x01]+)\x01auth=Bearer ([^\x01]+)\x01\x01")
_REFUSED: Final = b'{"status":"400","schemes":"Bearer","scope":"https://outlook.office365.com/"}'
_LONGEST: Final = 65_536


class No(Exception):
    """It was understood, and is refused."""


class ImapHandler(socketserver.StreamRequestHandler):
    """One connection."""

    timeout = 60
    server: "ImapServer"

    def setup(self) -> None:
        """Nobody is signed in."""
        super().setup()
        self.user, self.over = "", False
        self._folder: Folder | None = None

    def handle(self) -> None:
        """Answer until somebody goes."""
        self._say(f"* OK [CAPABILITY {CAPABILITIES}] ready")
        while not self.over:
            line = self._line()
            if line is None:
                return
            found = _TAG.fullmatch(line)
            if found is None:
                self._say("* BAD no tag")
                continue
            self._answer(found[1].decode(), found[2])

    def _answer(self, tag: str, rest: bytes) -> None:
        try:
            words = read_words(rest)
            name = words.pop(0)
            if not isinstance(name, str):
                raise Malformed
            with self.server.post.lock:
                told = self._command(name.upper(), words)
        except (Malformed, UnicodeError, IndexError, ValueError):
            self._say(f"{tag} BAD not understood")
        except No as refusal:
            self._say(f"{tag} NO {refusal}")
        else:
            self._say(f"{tag} OK {told}")

    def _command(self, name: str, words: list[Word]) -> str:
        if name in ("CAPABILITY", "NOOP", "LOGOUT"):
            return self._always(name, words)
        if not self.user:
            return self._sign_in(name, words)
        if name in ("SELECT", "LIST", "CREATE"):
            return self._folders(name, words)
        if self._folder is None or name not in _SELECTED:
            raise Malformed
        return _SELECTED[name](self, words)

    def _always(self, name: str, words: list[Word]) -> str:
        if words:
            raise Malformed
        if name == "CAPABILITY":
            self._say(f"* CAPABILITY {CAPABILITIES}")
        if name == "LOGOUT":
            self._say("* BYE")
            self.over = True
        return "done"

    def _sign_in(self, name: str, words: list[Word]) -> str:
        if name == "AUTHENTICATE" and words == ["XOAUTH2"]:
            return self._look_at_token()
        if name == "LOGIN" and len(words) == 2:
            user, password = words
        elif name == "AUTHENTICATE" and words == ["PLAIN"]:
            self._say("+")
            _, user, password = b64decode((self._line() or b"").strip()).decode().split("\0")
        else:
            raise Malformed
        if not isinstance(user, str) or not isinstance(password, str) or "@" not in user:
            raise Malformed
        known = self.server.post.password
        if not known or not compare_digest(password.encode(), known.encode()):
            raise No("[AUTHENTICATIONFAILED] wrong user or password")
        self.user = user
        return "signed in"

    def _look_at_token(self) -> str:
        """Refused as Exchange Online does: with a challenge that says why, before the NO."""
        self._say("+")
        said = _XOAUTH2.fullmatch(b64decode((self._line() or b"").strip(), validate=True))
        if said is None:
            raise Malformed
        user, token = said[1].decode(), said[2].decode()
        if "@" not in user or not self.server.post.opened_by(token):
            self._say(f"+ {b64encode(_REFUSED).decode()}")
            self._line()
            raise No("[AUTHENTICATIONFAILED] AUTHENTICATE failed.")
        self.user = user
        return "signed in"

    def _folders(self, name: str, words: list[Word]) -> str:
        post = self.server.post
        if name == "LIST":
            names = {INBOX} | {folder for owner, folder in post.folders if owner == self.user}
            for one in sorted(names):
                self._say(f'* LIST () "/" "{one}"')
            return "listed"
        [folder] = words
        if not isinstance(folder, str):
            raise Malformed
        if name == "SELECT" and not post.has(self.user, folder):
            self._folder = None
            raise No("[NONEXISTENT] no such folder")
        found = post.folder(self.user, folder)
        if name == "SELECT":
            self._folder = found
            self._say(f"* {len(found.mails)} EXISTS")
            self._say("* 0 RECENT")
            self._say(r"* FLAGS (\Seen \Deleted \Flagged \Answered \Draft)")
            self._say("* OK [UIDVALIDITY 1] valid")
            self._say(f"* OK [UIDNEXT {found.next_uid}] next")
            return "[READ-WRITE] selected"
        return "made"

    def _uid(self, words: list[Word]) -> str:
        name = words.pop(0)
        if not isinstance(name, str) or name.upper() not in _BY_UID:
            raise Malformed
        return _BY_UID[name.upper()](self, self._selected(), words)

    def _search(self, folder: Folder, words: list[Word]) -> str:
        found = folders.search(folder, words)
        self._say(" ".join(["* SEARCH", *map(str, found)]))
        return "searched"

    def _fetch(self, folder: Folder, words: list[Word]) -> str:
        uids, items = words
        listed: list[Word] = items if isinstance(items, list) else [items]
        if not isinstance(uids, str):
            raise Malformed
        for number, mail in folders.chosen(folder, uids):
            self.wfile.write(folders.fetch(number, mail, listed))
        return "fetched"

    def _store(self, folder: Folder, words: list[Word]) -> str:
        uids, how, flags = words
        if not isinstance(uids, str) or not isinstance(how, str):
            raise Malformed
        for number, mail in folders.chosen(folder, uids):
            folders.store(mail, how, flags if isinstance(flags, list) else [flags])
            if not how.upper().endswith(".SILENT"):
                self.wfile.write(folders.fetch(number, mail, ["FLAGS"]))
        return "stored"

    def _copy(self, folder: Folder, words: list[Word]) -> str:
        uids, name = words
        if not isinstance(uids, str) or not isinstance(name, str):
            raise Malformed
        if not self.server.post.has(self.user, name):
            raise No("[TRYCREATE] no such folder")
        there = self.server.post.folder(self.user, name)
        for _, mail in folders.chosen(folder, uids):
            there.add(mail.data, mail.came_at, mail.flags)
        return "copied"

    def _expunge_some(self, folder: Folder, words: list[Word]) -> str:
        [uids] = words
        if not isinstance(uids, str):
            raise Malformed
        highest = max((mail.uid for mail in folder.mails), default=1)
        return self._drop(folder, read_set(uids, highest=highest))

    def _expunge(self, words: list[Word]) -> str:
        if words:
            raise Malformed
        folder = self._selected()
        return self._drop(folder, {mail.uid for mail in folder.mails})

    def _drop(self, folder: Folder, uids: set[int]) -> str:
        for mail in list(folder.mails):
            if mail.uid in uids and r"\Deleted" in mail.flags:
                self._say(f"* {folder.mails.index(mail) + 1} EXPUNGE")
                folder.mails.remove(mail)
        return "expunged"

    def _selected(self) -> Folder:
        if self._folder is None:
            raise Malformed
        return self._folder

    def _line(self) -> bytes | None:
        """A command with its literals (RFC 3501 §4.3), each made a quoted string."""
        whole = b""
        while True:
            line = self.rfile.readline(_LONGEST)
            if not line.endswith(b"\r\n"):
                return None
            literal = _LITERAL.search(line)
            if literal is None:
                return whole + line
            if int(literal[1]) > _LONGEST:
                return None
            if not literal[2]:
                self._say("+ go on")
            said = self.rfile.read(int(literal[1]))
            escaped = said.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
            whole += line[: literal.start()] + b'"' + escaped + b'"'

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


_SELECTED: Final[dict[str, Callable[[ImapHandler, list[Word]], str]]] = {
    "UID": ImapHandler._uid,  # noqa: SLF001
    "EXPUNGE": ImapHandler._expunge,  # noqa: SLF001
}
_BY_UID: Final[dict[str, Callable[[ImapHandler, Folder, list[Word]], str]]] = {
    "SEARCH": ImapHandler._search,  # noqa: SLF001
    "FETCH": ImapHandler._fetch,  # noqa: SLF001
    "STORE": ImapHandler._store,  # noqa: SLF001
    "COPY": ImapHandler._copy,  # noqa: SLF001
    "EXPUNGE": ImapHandler._expunge_some,  # noqa: SLF001
}


class ImapServer(socketserver.ThreadingTCPServer):
    """IMAP of one post."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, post: Post, port: int, *, tls: ssl.SSLContext | None = None) -> None:
        self.post = post
        self._tls = tls
        super().__init__(("127.0.0.1", port), ImapHandler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """In the connection's own thread: a client that does not shake hands holds up nobody."""
        if self._tls is None:
            super().finish_request(request, client_address)
            return
        request.settimeout(ImapHandler.timeout)
        with suppress(OSError), self._tls.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)
