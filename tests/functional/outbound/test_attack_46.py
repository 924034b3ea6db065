"""Server-side request forgery (ATTACK 46): names, addresses, peers, redirects, certificates."""

import ssl
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import httpcore
import pytest

from connector.outbound.client import Outbound
from connector.outbound.failures import (
    Failure,
    FailureKind,
    ForbiddenAddress,
    NameUnknown,
    NotDeclared,
    Redirected,
    Unreachable,
    Untrusted,
)
from connector.outbound.recipients import Recipient, Recipients
from tests.functional.outbound.certificates import authority_for
from tests.functional.outbound.servers import saying, serving, whole

NAME = "api.example.com"
PUBLIC = "93.184.216.34"
pytestmark = pytest.mark.attack(46)


class Names:
    """A resolver that says something else each time."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.answers.pop(0)


class Network(httpcore.SyncBackend):
    """Notes where connections go, and leads them to a server of ours."""

    def __init__(self, port: int = 0, *, peer: str | None = None, down: int = 0) -> None:
        self.port, self.peer, self.down = port, peer, down
        self.connected: list[str] = []

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        self.connected.append(host)
        if self.down:
            self.down -= 1
            raise httpcore.ConnectError
        stream = super().connect_tcp("127.0.0.1", self.port, timeout)
        return _Claims(stream, self.peer or host)


class _Claims(httpcore.NetworkStream):
    """A stream whose other end says that it is somebody else."""

    def __init__(self, stream: httpcore.NetworkStream, peer: str) -> None:
        self._stream, self._peer = stream, peer
        self.read, self.write, self.close = stream.read, stream.write, stream.close  # type: ignore[method-assign]
        self.start_tls = stream.start_tls  # type: ignore[method-assign]

    def get_extra_info(self, info: str) -> Any:
        if info == "server_addr":
            return (self._peer, 443)
        return self._stream.get_extra_info(info)


def outbound(names: Names, network: Network, tls: ssl.SSLContext | None = None) -> Outbound:
    declared = Recipients([Recipient(NAME)])
    return Outbound(declared, resolve=names, network=network, tls=tls)


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["169.254.169.254"],
        [PUBLIC, "127.0.0.1"],
        [PUBLIC, "::ffff:127.0.0.1"],
        ["2606:4700::1111", "fd00::1"],
        ["fe80::1%eth0"],
        ["not-an-address"],
        ["0.0.0.0"],  # noqa: S104
        [PUBLIC] * 40,
    ],
)
def test_one_forbidden_address_forbids_the_name(addresses: list[str]) -> None:
    network = Network()
    with pytest.raises(ForbiddenAddress) as failed:
        outbound(Names(addresses), network).send("GET", f"https://{NAME}/")
    assert network.connected == []
    assert failed.value.kind is FailureKind.CONFIGURATION


def test_rebinding_public_first_then_loopback() -> None:
    """Asked once: the second, poisoned answer is for the second request, and refused there."""
    names, network = Names([PUBLIC], ["127.0.0.1"]), Network(port=1)
    client = outbound(names, network)
    with pytest.raises(Unreachable):
        client.send("GET", f"https://{NAME}/")
    assert (network.connected, names.asked) == ([PUBLIC], [NAME])
    with pytest.raises(ForbiddenAddress):
        client.send("GET", f"https://{NAME}/")
    assert network.connected == [PUBLIC]


def test_another_peer_than_connected_to_gets_nothing() -> None:
    with serving(saying(whole(b"inside"))) as server:
        network = Network(server.port, peer="127.0.0.1")
        with pytest.raises(ForbiddenAddress, match="open internet"):
            outbound(Names([PUBLIC]), network).send("POST", f"https://{NAME}/", body=b"x")
    assert server.requests == []


def test_the_checked_address_is_connected_to_with_the_name_in_host_sni_and_certificate(
    tmp_path: Path,
) -> None:
    theirs, ours = authority_for(NAME, tmp_path)
    seen: list[str | None] = []
    theirs.sni_callback = lambda _, name, __: seen.append(name)
    with serving(saying(whole(b"hello")), theirs) as server:
        network = Network(server.port, down=1)
        client = outbound(Names(["8.8.8.8", PUBLIC]), network, ours)
        answer = client.send("GET", f"https://{NAME}/a?b=c%3Ad")
    assert (answer.status, answer.body) == (200, b"hello")
    assert network.connected == ["8.8.8.8", PUBLIC]
    assert seen == [NAME]
    assert server.requests[0].startswith(b"GET /a?b=c%3Ad HTTP/1.1\r\n")
    assert b"\r\nhost: api.example.com\r\n" in server.requests[0].lower()


def test_a_certificate_of_another_name_or_of_nobody(tmp_path: Path) -> None:
    other, ours = authority_for("other.example.com", tmp_path)
    for trust in (ours, None):
        with serving(saying(whole(b"hello")), other) as server:
            client = outbound(Names([PUBLIC]), Network(server.port), trust)
            with pytest.raises(Untrusted) as failed:
                client.send("POST", f"https://{NAME}/", body=b"secret")
            assert not failed.value.maybe_done
        assert server.requests == []


def test_this_machine_is_closed_without_the_development_switch() -> None:
    with serving(saying(whole(b"inside"))) as server:
        here = Recipients([Recipient.of(server.url)])
        with pytest.raises(NotDeclared):
            Outbound(here).send("GET", server.url)
        assert server.requests == []
        assert Outbound(here, loopback=True).send("GET", server.url).body == b"inside"


def test_the_switch_opens_this_machine_to_no_other_name() -> None:
    client = Outbound(
        Recipients([Recipient(NAME)]), loopback=True, resolve=Names(["127.0.0.1"], [PUBLIC])
    )
    with pytest.raises(ForbiddenAddress):
        client.send("GET", f"https://{NAME}/")
    elsewhere = Outbound(
        Recipients([Recipient("localhost")]), loopback=True, resolve=Names([PUBLIC])
    )
    with pytest.raises(ForbiddenAddress):
        elsewhere.send("GET", "https://localhost/")


def _moved(location: str) -> bytes:
    return whole(b"").replace(b"200 OK", b"302 Found\r\nLocation: " + location.encode())


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://api.example.com/",
        "//127.0.0.1/",
        "http://127.0.0.1:1/",
        "http://user@127.0.0.1/",
        "file:///etc/passwd",
        "",
    ],
)
@pytest.mark.parametrize("redirects", [0, 3])
def test_no_redirect_to_elsewhere(location: str, redirects: int) -> None:
    with serving(saying(_moved(location))) as server:
        client = Outbound(Recipients([Recipient.of(server.url)]), loopback=True)
        with pytest.raises(Redirected) as failed:
            client.send("GET", server.url, redirects=redirects)
    assert len(server.requests) == 1 + (redirects if location == "" else 0)
    assert "169.254" not in failed.value.log + failed.value.message


def test_redirects_within_the_host_are_followed_when_asked_for() -> None:
    answers = [_moved("/y?z=1"), whole(b"there")]
    with serving(lambda connection, _: connection.sendall(answers.pop(0))) as server:
        client = Outbound(Recipients([Recipient.of(server.url)]), loopback=True)
        assert client.send("GET", server.url, redirects=1).body == b"there"
        assert server.requests[1].startswith(b"GET /y?z=1 ")


@pytest.mark.parametrize("redirects", [0, 5])
def test_a_write_is_never_sent_on(redirects: int) -> None:
    with serving(saying(_moved("/y"))) as server:
        client = Outbound(Recipients([Recipient.of(server.url)]), loopback=True)
        with pytest.raises(Redirected) as failed:
            client.send("POST", server.url, body=b"x", redirects=redirects)
        assert failed.value.maybe_done
    assert len(server.requests) == 1


def test_names_that_lead_nowhere() -> None:
    def away(host: str, port: int) -> list[str]:
        raise OSError("Temporary failure in name resolution")

    for resolve in (away, Names([])):
        client = Outbound(Recipients([Recipient(NAME)]), resolve=resolve)
        with pytest.raises(NameUnknown) as failed:
            client.send("GET", f"https://{NAME}/")
        assert failed.value.kind is FailureKind.TRANSIENT


def test_a_closed_port_is_an_outage_and_nothing_was_sent() -> None:
    with serving(saying()) as server:
        pass
    client = Outbound(Recipients([Recipient.of(server.url)]), loopback=True)
    with pytest.raises(Failure) as failed:
        client.send("POST", server.url, body=b"x")
    assert failed.value.kind is FailureKind.TRANSIENT
    assert not failed.value.maybe_done


def test_environment_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy would resolve and connect for us."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with serving(saying(whole(b"direct"))) as server:
        client = Outbound(Recipients([Recipient.of(server.url)]), loopback=True)
        assert client.send("GET", server.url).body == b"direct"
