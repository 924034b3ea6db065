"""Known answers of the three MACs, and the headers around them."""

from datetime import UTC, datetime

import pytest

from connector.providers.netvisor.credentials import Algorithm, Language, NetvisorCredentials
from connector.providers.netvisor.signing import Stamp, same_mac, sign, signed_headers

FIRST = NetvisorCredentials(
    customer_id="TestCustomerId",
    customer_key="TestUserKey",
    partner_id="TestPartnerId",
    partner_key="TestPartnerKey",
    organisation_id="TestOrganizationId",
    sender="TestSender",
    language=Language.FI,
)
STAMP = Stamp(
    "https://integration.netvisor.fi/customerlist.nv",
    "2024-01-15 12:00:00.000",
    1705312800,
    "transaction123",
)


@pytest.mark.parametrize(
    ("algorithm", "expected"),
    [
        ("HMACSHA256", "14f2ec30263493fe0eb99b924d0b172addd4d3038140ea4f65469a51cbfbf072"),
        ("SHA256", "cd9dcf8beedcc337aed5f301f17de14e1143ba7ef735239d1a1b0daa60993d41"),
        ("MD5", "3a630feb0d490290ef9ace6b41d1df3a"),
    ],
)
def test_known_answers(algorithm: str, expected: str) -> None:
    assert sign(FIRST, STAMP, Algorithm(algorithm)) == expected


def test_known_answer_with_letters_beyond_ascii_and_an_encoded_query() -> None:
    credentials = NetvisorCredentials(
        customer_id="TestCustomerId",
        customer_key="TestUserKey",
        partner_id="TestPartnerId",
        partner_key="TestPartnerKey",
        organisation_id="1967543-8",
        sender="Mäki Oy",
        language=Language.FI,
    )
    url = "https://isvapi.netvisor.fi/customerlist.nv?changedsince=2014-09-13T10%3A00%3A00"
    stamp = Stamp(url, STAMP.timestamp, STAMP.unix, "t-2")
    expected = "9c37b3080d2ee2e0890a6e1830ea3ccb7fa9ca24d5a8203ba1d17198f6012923"
    assert sign(credentials, stamp) == expected
    assert same_mac(expected.upper(), f" {expected} ")
    assert not same_mac(expected, expected[:-1] + "0")


def test_a_stamp_is_of_its_moment() -> None:
    moment = datetime(2024, 1, 15, 12, 0, 0, 987_654, tzinfo=UTC)
    stamp = Stamp.at(moment, url="u", transaction_id="t")
    assert (stamp.timestamp, stamp.unix) == ("2024-01-15 12:00:00.987", 1705320000)


def test_headers_tell_everything_but_the_keys() -> None:
    headers = signed_headers(FIRST, STAMP)
    prefix = "X-Netvisor-Authentication-"
    names = (
        *("Sender", "CustomerId", "PartnerId", "Timestamp", "TimestampUnix", "TransactionId"),
        *("MAC", "MACHashCalculationAlgorithm", "UseHTTPResponseStatusCodes"),
    )
    others = {"X-Netvisor-Interface-Language", "X-Netvisor-Organisation-ID"}
    assert set(headers) == {prefix + name for name in names} | others
    assert headers[prefix + "TimestampUnix"] == "1705312800"
    assert not any("Key" in value for value in headers.values())


def test_keys_are_not_shown() -> None:
    assert "TestUserKey" not in repr(FIRST)
    assert "TestPartnerKey" not in repr(FIRST)


@pytest.mark.parametrize(
    "changes",
    [
        {"customer_key": ""},
        {"partner_id": " x"},
        {"sender": "漢字"},
        {"sender": "a\r\nX-Header: b"},
        {"organisation_id": "€"},
        {"base_url": "http://integration.netvisor.fi"},
        {"base_url": "https://integration.netvisor.fi/"},
        {"base_url": "https://user@integration.netvisor.fi"},
        {"base_url": "https://10.0.0.1"},
    ],
)
def test_credentials_that_cannot_be(changes: dict[str, str]) -> None:
    said = {
        "customer_id": "c",
        "customer_key": "kkkk",
        "partner_id": "p",
        "partner_key": "qqqq",
        "organisation_id": "1967543-8",
    }
    with pytest.raises(ValueError) as failed:  # noqa: PT011
        NetvisorCredentials(**(said | changes))  # type: ignore[arg-type]
    assert "kkkk" not in str(failed.value)
