"""URLs held against the declared recipients (ATTACK 46, promise E2)."""

import pytest

from connector.outbound.failures import FailureKind, NotDeclared
from connector.outbound.recipients import Recipient, Recipients

DECLARED = Recipients([Recipient("api.example.com"), Recipient("xn--mki-qla.example", 8443)])
HERE = Recipients([Recipient("127.0.0.1", 8301, "http")])


@pytest.mark.promise("E2")
@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com",
        "https://api.example.com/",
        "https://api.example.com:443/list.nv?since=2026-01-01T00%3A00%3A00",
        "https://API.example.com/list.nv",
        "https://xn--mki-qla.example:8443/",
        "https://api.example.com/who@where?x=a@b",
    ],
)
def test_declared(url: str) -> None:
    assert DECLARED.check(url).scheme == "https"


@pytest.mark.attack(46)
@pytest.mark.promise("E2")
@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.com/",
        "https://api.example.com:8443/",
        "https://xn--mki-qla.example/",
        "https://example.com/",
        "https://api.example.com.evil.test/",
        "https://api.example.com./",
        "https://evil.test#@api.example.com/",
        "https://evil.test/#api.example.com",
        "https://api.example.com@evil.test/",
        "https://evil.test@api.example.com/",
        "https://user:pw@api.example.com/",
        "https://api.example.com:443@evil.test/",
        "https://api.example.com\\@evil.test/",
        "https://api.example.com\\.evil.test/",
        "https://api.example.com /",
        " https://api.example.com/",
        "https://api.example.com/\r\nHost: evil.test",
        "https://api.example.com\t.evil.test/",
        "https://api\u3002example.com/",
        "https://ａpi.example.com/",
        "https://api.example.com/ä",
        "https://api.example.com/a/../b",
        "https://%61pi.example.com/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://localhost/",
        "file:///etc/passwd",
        "gopher://api.example.com/",
        "ftp://api.example.com/",
        "//api.example.com/",
        "api.example.com",
        "https:///api.example.com",
        "https://",
        "",
    ],
)
def test_not_declared(url: str) -> None:
    with pytest.raises(NotDeclared) as failed:
        DECLARED.check(url)
    assert failed.value.kind is FailureKind.CONFIGURATION
    assert not failed.value.maybe_done
    assert "evil" not in failed.value.log


def test_this_machine_by_its_port_and_scheme_only() -> None:
    assert HERE.check("http://127.0.0.1:8301/customerlist.nv").port == 8301
    for url in ("http://127.0.0.1:6379/", "https://127.0.0.1:8301/", "http://127.0.0.2:8301/"):
        with pytest.raises(NotDeclared):
            HERE.check(url)


@pytest.mark.attack(46)
@pytest.mark.parametrize(
    ("host", "scheme"),
    [
        *[(host, "https") for host in ("10.0.0.1", "2130706433", "0x7f.1", "a.0x1", "::2", "a b")],
        *[(host, "https") for host in ("", ".", "example.com.", "a..b", "-a.example", "1.2.3")],
        ("api.example.com", "http"),
        ("api.example.com", "ftp"),
    ],
)
def test_what_cannot_be_declared(host: str, scheme: str) -> None:
    with pytest.raises(ValueError, match="a recipient is"):
        Recipient(host, scheme=scheme)


def test_a_declaration_is_read_from_a_url() -> None:
    assert Recipient.of("https://API.example.com/x") == Recipient("api.example.com")
    assert Recipient.of("http://127.0.0.1:8301") == Recipient("127.0.0.1", 8301, "http")
    assert Recipient("mäki.example").host == "xn--mki-qla.example"
    for url in ("https://a@b.example", "nonsense", "http://api.example.com"):
        with pytest.raises(ValueError, match=r"plain https|by https"):
            Recipient.of(url)
