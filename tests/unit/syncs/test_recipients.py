"""Whom an account may ask: its service's profile says, and development adds this machine."""

import pytest

from connector.outbound.failures import NotDeclared
from connector.syncs.recipients import recipients_of
from privacy.profiles import profile

HERE = "http://127.0.0.1:8301"


@pytest.mark.attack(46)
@pytest.mark.promise("E2")
def test_declared_hosts_are_asked_and_no_others() -> None:
    asked = ("https://integration.netvisor.fi", "https://evil.example.com", HERE)
    allowed = recipients_of(profile("N"), asked, loopback=False)
    assert allowed.check("https://integration.netvisor.fi/customerlist.nv").host
    assert allowed.check("https://isvapi.netvisor.fi/customerlist.nv").host
    for url in ("https://evil.example.com/", f"{HERE}/", "https://graph.microsoft.com/"):
        with pytest.raises(NotDeclared):
            allowed.check(url)


@pytest.mark.attack(46)
def test_loopback_opens_what_the_account_names_and_no_more() -> None:
    allowed = recipients_of(profile("N"), (HERE, "http://evil.example.com"), loopback=True)
    assert allowed.check(f"{HERE}/customerlist.nv").port == 8301
    for url in ("http://127.0.0.1:8302/", "http://evil.example.com/", "http://localhost:8301/"):
        with pytest.raises(NotDeclared):
            allowed.check(url)


def test_what_is_no_url_is_nobody() -> None:
    with pytest.raises(NotDeclared):
        recipients_of(profile("N"), ("not a url", "ftp://x"), loopback=True).check(
            "https://x.example.com/"
        )
