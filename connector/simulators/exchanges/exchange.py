"""One exchange: its kind, the address that it sends to, and what shall go wrong."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from connector.simulators.exchanges import files, freeswitch, kamailio, twilio
from connector.simulators.exchanges.calls import MadeCall
from connector.simulators.exchanges.freeswitch import Encoding
from connector.simulators.exchanges.posts import Post
from connector.simulators.exchanges.sender import IN_A_HURRY, PATIENT, Sender


class Kind(StrEnum):
    """Whose habits it has; names as in connector.accounts.kinds."""

    FREESWITCH = "freeswitch"
    ASTERISK = "asterisk"
    TWILIO = "twilio"
    KAMAILIO = "kamailio"
    THREECX = "threecx"


class FaultName(StrEnum):
    """What can go wrong on an exchange's side."""

    REPEATED = "repeated"
    """Everything is sent twice, as after an answer that was lost."""
    OUT_OF_ORDER = "out-of-order"
    """The end is told before the beginning."""
    TRUNCATED = "truncated"
    """The body breaks off."""
    GARBAGE = "garbage"
    """Another program posts to this address."""
    WRONG_SIGNATURE = "wrong-signature"
    """Twilio's token was changed there."""


@dataclass(slots=True)
class Exchange:
    """Sends calls one by one. A file has the calls of the whole run."""

    kind: Kind
    url: str
    encodings: Sequence[Encoding] = tuple(Encoding)
    token: str = ""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Helsinki"))
    faults: frozenset[FaultName] = frozenset()
    sender: Sender = field(init=False)
    written: list[MadeCall] = field(default_factory=list)

    def __post_init__(self) -> None:
        hurried = self.kind is Kind.KAMAILIO
        self.sender = Sender(
            self.url,
            tries=3 if self.kind is Kind.FREESWITCH else 1,
            limits=IN_A_HURRY if hurried else PATIENT,
        )

    def send(self, call: MadeCall) -> bool:
        """Tell of a call; True where every request was taken."""
        taken = [self.sender.send(post) for post in self.posts_of(call)]
        return all(taken)

    def posts_of(self, call: MadeCall) -> list[Post]:
        """The requests that tell of a call, faults included."""
        self.written.append(call)
        posts = _POSTS[self.kind](self, call)
        if FaultName.OUT_OF_ORDER in self.faults:
            posts = posts[::-1]
        if FaultName.REPEATED in self.faults:
            posts = [post for post in posts for _ in range(2)]
        return [self._spoiled(post) for post in posts]

    def _spoiled(self, post: Post) -> Post:
        if FaultName.GARBAGE in self.faults:
            return replace(post, body=b"\x16\x03\x01 this is no call")
        if FaultName.TRUNCATED in self.faults:
            return replace(post, body=post.body[: len(post.body) // 2])
        return post


def _freeswitch(exchange: Exchange, call: MadeCall) -> list[Post]:
    encoding = exchange.encodings[call.number % len(exchange.encodings)]
    return freeswitch.posts_of(call, encoding)


def _asterisk(exchange: Exchange, _: MadeCall) -> list[Post]:
    return [files.master_csv(exchange.written, zone=exchange.zone)]


def _threecx(exchange: Exchange, _: MadeCall) -> list[Post]:
    return [files.threecx_csv(exchange.written)]


def _kamailio(_: Exchange, call: MadeCall) -> list[Post]:
    return kamailio.posts_of(call)


def _twilio(exchange: Exchange, call: MadeCall) -> list[Post]:
    wrong = FaultName.WRONG_SIGNATURE in exchange.faults
    token = f"not-{exchange.token}" if wrong else exchange.token
    return twilio.posts_of(call, url=exchange.url, token=token)


_POSTS: Final[Mapping[Kind, Callable[[Exchange, MadeCall], list[Post]]]] = {
    Kind.FREESWITCH: _freeswitch,
    Kind.ASTERISK: _asterisk,
    Kind.TWILIO: _twilio,
    Kind.KAMAILIO: _kamailio,
    Kind.THREECX: _threecx,
}
