"""Promise F1: no URL gets past the guard that a client would follow in the clear."""

import pytest

from privacy.core.errors import Misconfigured
from privacy.core.settings import load_settings
from privacy.core.transport import listens_locally, require_protected

pytestmark = pytest.mark.promise("F1")


@pytest.mark.parametrize(
    ("scheme", "url"),
    [
        ("postgresql", "postgresql://app@/silta"),
        ("postgresql", "postgresql://app@/silta?host=%2Ftmp%2Fsocket"),
        ("postgresql", "postgresql://app@localhost/silta?host=127.0.0.1,localhost"),
        ("postgresql", "postgresql://app@db.example.com/silta?sslmode=verify-full"),
        ("redis", "unix://app:word@/tmp/r.sock?db=0"),
        ("redis", "rediss://app@redis.example.com/0"),
        ("redis", "rediss://app@redis.example.com/0?ssl_check_hostname=true"),
        ("http", "http://[::1]:8000"),
        ("http", "https://silta.example.com"),
    ],
)
def test_protected_urls_pass(scheme: str, url: str) -> None:
    require_protected(url, scheme=scheme)


@pytest.mark.parametrize(
    ("scheme", "url"),
    [
        ("postgresql", "postgresql://app@localhost/silta?hostaddr=192.0.2.1"),
        ("postgresql", "postgresql://app@/silta?host=%2Ftmp&host=db.example.com"),
        ("postgresql", "postgresql://app@/silta?host=%2Ftmp,db.example.com"),
        ("postgresql", "postgresql://app@db.example.com/silta?host=%2Ftmp"),
        ("postgresql", "postgresql://app@/silta?service=elsewhere"),
        ("postgresql", "postgresql://app@db.example.com/silta?sslmode=verify-full&sslmode=prefer"),
        ("redis", "redis://redis.example.com/0?host=%2Ftmp"),
        ("redis", "redis://redis.example.com/0?host=127.0.0.1"),
        ("redis", "redis://?host=redis.example.com"),
        ("redis", "redis:///0?host=localhost&host=redis.example.com"),
        ("redis", "rediss://redis.example.com/0?ssl_check_hostname=False"),
        ("redis", "rediss://redis.example.com/0?ssl_cert_reqs=none"),
        ("http", "http://silta.example.com/?host=localhost"),
        ("smtp", "smtp://mail.example.com/?host=localhost"),
    ],
)
def test_detours_are_refused(scheme: str, url: str) -> None:
    with pytest.raises(ValueError, match="not on loopback"):
        require_protected(url, scheme=scheme)


def test_what_listens_beyond_loopback_needs_a_public_https_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SILTA_DATABASE_URL", "postgresql://app@/silta")
    monkeypatch.setenv("SILTA_REDIS_URL", "redis://localhost/0")
    monkeypatch.setenv("SILTA_BIND", "0.0.0.0:8000")
    monkeypatch.setenv("SILTA_PUBLIC_URL", "http://127.0.0.1:8000")
    with pytest.raises(Misconfigured, match="SILTA_BIND"):
        load_settings()
    monkeypatch.setenv("SILTA_PUBLIC_URL", "https://silta.example.com")
    with pytest.raises(Misconfigured, match="SILTA_HOSTS"):
        load_settings()
    monkeypatch.setenv("SILTA_HOSTS", "silta.example.com, .example.org")
    assert load_settings().secure_cookies
    assert load_settings().trusted_hosts == ["silta.example.com", ".example.org"]


def test_without_names_this_machine_and_the_public_one_are_meant(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SILTA_DATABASE_URL", "postgresql://app@/silta")
    monkeypatch.setenv("SILTA_REDIS_URL", "redis://localhost/0")
    monkeypatch.setenv("SILTA_PUBLIC_URL", "https://silta.example.com:8443")
    assert load_settings().trusted_hosts == ["silta.example.com", "localhost", "127.0.0.1"]
    for wrong in ("https://silta.example.com", "a;b", "[::1]"):
        monkeypatch.setenv("SILTA_HOSTS", wrong)
        with pytest.raises(Misconfigured, match="SILTA_HOSTS"):
            load_settings()


@pytest.mark.parametrize(
    ("bind", "local"),
    [("127.0.0.1:8000", True), ("[::1]:8000", True), ("0.0.0.0:80", False), (":80", False)],
)
def test_only_loopback_is_local(bind: str, local: bool) -> None:
    assert listens_locally(bind) is local
