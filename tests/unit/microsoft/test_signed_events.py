"""Events that are not Microsoft's, each with one thing wrong."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from connector.providers.microsoft.signed_events import (
    STORE,
    NotMicrosofts,
    chain_of,
    check_certificate_url,
    read_signed,
    verify_event,
)
from connector.simulators.microsoft.event_signing import CERTIFICATE_PATH, EventSigner, event_body
from privacy.core import clock

NOW = clock.now()
SIGNER = EventSigner.made(NOW)
BODY = event_body("subscription-updated", "subscription", NOW)
URL = f"https://{STORE}{CERTIFICATE_PATH}"
HEADERS = SIGNER.headers(BODY, f"https://{STORE}")


def nothing(_: str) -> bytes:
    raise AssertionError("nobody is to be asked")


def verified(
    headers: Mapping[str, str] = {}, *, signer: EventSigner = SIGNER, body: bytes = BODY
) -> str:
    signed = read_signed(body, signer.headers(BODY, f"https://{STORE}") | dict(headers))
    check_certificate_url(signed.certificate_url)
    chain = chain_of(signer.certificate_file(), nothing)
    return verify_event(signed, chain, roots=[SIGNER.authority], now=NOW).resource_name


def test_an_event_of_microsofts() -> None:
    assert verified() == "subscription"


@pytest.mark.attack(56)
@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": ""},
        {"Authorization": "Bearer x"},
        {"Authorization": HEADERS["Authorization"][:-8] + "AAAAAA=="},
        {"Authorization": f"Signature {'A' * 344}"},
        {"X-MS-Signature-Algorithm": "rsa-sha1"},
        {"X-MS-Signature-Algorithm": ""},
        {"X-MS-Certificate-Url": ""},
        {"X-MS-Certificate-Url": f"http://{STORE}{CERTIFICATE_PATH}"},
        {"X-MS-Certificate-Url": f"https://{STORE}.example.com{CERTIFICATE_PATH}"},
        {"X-MS-Certificate-Url": f"https://{STORE}@example.com{CERTIFICATE_PATH}"},
        {"X-MS-Certificate-Url": f"https://{STORE}:444{CERTIFICATE_PATH}"},
        {"X-MS-Certificate-Url": f"https://{STORE}/other/mine.cer"},
        {"X-MS-Certificate-Url": f"https://{STORE}/cert/../mine.cer"},
        {"X-MS-Certificate-Url": f"{URL}?x=y"},
        {"X-MS-Certificate-Url": "file:///cert/pcnotifications.microsoft.com.cer"},
    ],
)
def test_headers_that_prove_nothing(headers: dict[str, str]) -> None:
    with pytest.raises(NotMicrosofts):
        verified(headers)


@pytest.mark.attack(56)
def test_what_was_not_signed_is_refused() -> None:
    with pytest.raises(NotMicrosofts):
        verified(body=BODY.replace(b"subscription", b"customer"))
    with pytest.raises(NotMicrosofts):
        verified(body=b" " + BODY)


@pytest.mark.attack(56)
def test_certificates_that_nobody_vouches_for() -> None:
    """Another authority, another organisation, one whose time is over, and none."""
    with pytest.raises(NotMicrosofts):
        verified(signer=EventSigner.made(NOW))
    other = EventSigner.made(NOW, organisation="Example Oy")
    old = EventSigner.made(NOW - timedelta(days=40))
    for signer in (other, old):
        signed = read_signed(BODY, signer.headers(BODY, f"https://{STORE}"))
        chain = [signer.certificate]
        with pytest.raises(NotMicrosofts):
            verify_event(signed, chain, roots=[signer.authority], now=NOW)
    signed = read_signed(BODY, HEADERS)
    for chain, roots in (([SIGNER.certificate], []), ([SIGNER.authority], [SIGNER.authority])):
        with pytest.raises(NotMicrosofts):
            verify_event(signed, chain, roots=roots, now=NOW)
    for data in (b"", b"-----BEGIN CERTIFICATE-----", b"\x30\x82"):
        with pytest.raises(NotMicrosofts):
            chain_of(data, nothing)


def test_a_simulator_stands_in_where_the_account_says_so() -> None:
    base = "https://127.0.0.1:8302"
    assert check_certificate_url(f"{base}{CERTIFICATE_PATH}", simulator=base)
    with pytest.raises(NotMicrosofts):
        check_certificate_url(f"{base}{CERTIFICATE_PATH}")
    with pytest.raises(NotMicrosofts):
        check_certificate_url(URL, simulator=base)


def test_signed_bytes_are_not_shown() -> None:
    assert "subscription" not in repr(replace(read_signed(BODY, HEADERS)))
