"""What the simulator lets in, asked by a client that shares no code with ours."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.functional.netvisor.worlds import World, world
from tests.functional.simulators.messages import send

AUTH = "X-Netvisor-Authentication-"


@pytest.fixture(scope="module")
def w() -> Iterator[World]:
    with world(customers=3) as made:
        yield made


def status(answer: httpx.Response) -> str:
    return answer.text.partition("<Status>")[2].partition("</Status>")[0]


def sentence(answer: httpx.Response) -> str:
    return answer.text.split("<Status>")[2].partition("</Status>")[0]


@pytest.mark.parametrize("algorithm", ["HMACSHA256", "SHA256", "MD5"])
@pytest.mark.parametrize("target", ["/customerlist.nv", "/CustomerList.nv", "/PRODUCTLIST.NV"])
def test_a_foreign_client_works_unchanged(w: World, algorithm: str, target: str) -> None:
    answer = send(w.url, target, w.desk.keys, algorithm=algorithm)
    assert (answer.status_code, status(answer)) == (200, "OK")
    assert answer.headers["content-type"].startswith("text/xml")


def test_the_older_algorithms_need_no_seconds_and_the_oldest_no_name(w: World) -> None:
    without: tuple[str, ...] = (f"{AUTH}TimestampUnix",)
    assert (
        status(send(w.url, "/customerlist.nv", w.desk.keys, algorithm="SHA256", without=without))
        == "OK"
    )
    without = (f"{AUTH}TimestampUnix", f"{AUTH}MACHashCalculationAlgorithm")
    assert (
        status(send(w.url, "/customerlist.nv", w.desk.keys, algorithm="MD5", without=without))
        == "OK"
    )


@pytest.mark.parametrize(
    ("target", "signed"),
    [
        ("/customerlist.nv?changedsince=2014-09-13T10%3A00%3A00", None),
        (
            "/customerlist.nv?changedsince=2014-09-13T10%3A00%3A00",
            "/customerlist.nv?changedsince=2014-09-13T10:00:00",
        ),
        ("/customerlist.nv?Keyword=Oy", None),
        ("/customerlist.nv?KEYWORD=a+b", "/customerlist.nv?KEYWORD=a b"),
    ],
)
def test_queries_signed_as_sent_or_before_encoding(
    w: World, target: str, signed: str | None
) -> None:
    assert status(send(w.url, target, w.desk.keys, signed=signed)) == "OK"


def test_letters_beyond_ascii_and_capitals_in_the_mac(w: World) -> None:
    assert status(send(w.url, "/customerlist.nv", w.desk.keys, sender="Mäki Öy Åå")) == "OK"


@pytest.mark.parametrize(
    "changes",
    [
        {"mac": "0" * 64},
        {"mac": ""},
        {"customer_key": "wrong"},
        {"partner_id": "nobody"},
        {"organisation_id": "7654321-0"},
        {"language": "DE"},
        {"sender": ""},
        {"unix": int(time.time()) - 3600},
        {"unix": int(time.time()) + 3600},
        {"timestamp": "2014-01-01 00:00:00.000"},
        {"timestamp": "yesterday"},
        {"algorithm": "MD5", "mac": "0" * 32},
        {"signed": "/productlist.nv"},
        {"signed": "/customerlist.nv?keyword=x"},
        {"headers": {f"{AUTH}MACHashCalculationAlgorithm": "CRC32"}},
        {"headers": {f"{AUTH}TimestampUnix": "-1"}},
        *[
            {"without": (name,)}
            for name in (
                *(f"{AUTH}Sender", f"{AUTH}CustomerId", f"{AUTH}PartnerId", f"{AUTH}Timestamp"),
                *(f"{AUTH}TimestampUnix", f"{AUTH}MAC", "X-Netvisor-Organisation-ID"),
                *("X-Netvisor-Interface-Language", f"{AUTH}MACHashCalculationAlgorithm"),
            )
        ],
    ],
)
def test_who_is_not_let_in(w: World, changes: dict[str, Any]) -> None:
    answer = send(w.url, "/customerlist.nv", w.desk.keys, **changes)
    assert (answer.status_code, status(answer)) == (200, "FAILED")
    assert sentence(answer).startswith("AUTHENTICATION_FAILED :: ")
    assert w.desk.keys.customer_key not in answer.text


def test_no_transaction_id_twice_and_none_without(w: World) -> None:
    for said in ("OK", "FAILED"):
        answer = send(w.url, "/customerlist.nv", w.desk.keys, transaction_id="again")
        assert status(answer) == said
    assert sentence(answer).startswith("REQUEST_NOT_UNIQUE :: ")
    answer = send(w.url, "/customerlist.nv", w.desk.keys, transaction_id="")
    assert sentence(answer).startswith("REQUEST_NOT_UNIQUE :: ")


def test_a_refused_message_uses_up_no_transaction_id(w: World) -> None:
    answer = send(w.url, "/customerlist.nv", w.desk.keys, transaction_id="once", mac="x")
    assert status(answer) == "FAILED"
    assert status(send(w.url, "/customerlist.nv", w.desk.keys, transaction_id="once")) == "OK"


def test_http_statuses_for_whoever_asks(w: World) -> None:
    headers = {f"{AUTH}UseHTTPResponseStatusCodes": "1"}
    answer = send(w.url, "/getcustomer.nv?id=999", w.desk.keys, headers=headers)
    assert (answer.status_code, status(answer)) == (400, "FAILED")
    answer = send(w.url, "/customerlist.nv", w.desk.keys, headers=headers, mac="x")
    assert (answer.status_code, status(answer)) == (401, "FAILED")
    assert send(w.url, "/getcustomer.nv?id=999", w.desk.keys).status_code == 200


CUSTOMER = "<root><customer>{}</customer></root>"
GOOD = "<customerbaseinformation><name>N</name><city>C</city></customerbaseinformation>"


@pytest.mark.parametrize(
    "inner",
    [
        "<customerbaseinformation><city>C</city><name>N</name></customerbaseinformation>",
        "<customerbaseinformation><name>N</name><name>N</name></customerbaseinformation>",
        "<customerbaseinformation><surname>N</surname></customerbaseinformation>",
        "<customerbaseinformation><name><b/></name></customerbaseinformation>",
        "<customerbaseinformation><name/></customerbaseinformation>",
        "<customercontactdetails/>" + GOOD,
        "<customercontactdetails/>",
        "",
    ],
)
def test_requests_out_of_order(w: World, inner: str) -> None:
    before = len(w.desk.books.customers)
    answer = send(
        w.url, "/customer.nv?method=add", w.desk.keys, method="POST", body=CUSTOMER.format(inner)
    )
    assert sentence(answer).startswith("INVALID_DATA :: ")
    assert len(w.desk.books.customers) == before


@pytest.mark.attack(48)
@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + CUSTOMER.format("&x;"),
        "<root><customer>",
        "",
        "not xml",
        CUSTOMER.format(GOOD).replace("customer>", "vendor>"),
    ],
)
def test_documents_that_are_none(w: World, body: str) -> None:
    answer = send(w.url, "/customer.nv?method=add", w.desk.keys, method="POST", body=body)
    assert sentence(answer).startswith("INVALID_DATA :: ")


def test_a_foreign_request_in_other_letters_is_taken(w: World) -> None:
    body = CUSTOMER.format(GOOD).replace("customerbaseinformation", "CustomerBaseInformation")
    body = body.replace("root", "Root").replace("name", "Name").replace("<city>", "<City>")
    body = body.replace("</city>", "</City>")
    answer = send(w.url, "/Customer.nv?Method=ADD", w.desk.keys, method="POST", body=body)
    assert status(answer) == "OK"
    key = int(answer.text.partition("<InsertedDataIdentifier>")[2].partition("<")[0])
    assert w.desk.books.customers[key].said("name") == "N"


@pytest.mark.parametrize(
    "target",
    [
        "/getcustomer.nv",
        "/getcustomer.nv?id=x",
        "/getsalesinvoice.nv?netvisorkey=1",
        "/customerlist.nv?changedsince=soon",
        "/customer.nv?method=add",
        "/getcustomer.nv?idlist=" + ",".join(map(str, range(1, 502))),
    ],
)
def test_questions_that_make_no_sense(w: World, target: str) -> None:
    assert sentence(send(w.url, target, w.desk.keys)).startswith("INVALID_DATA :: ")


def test_what_is_no_resource(w: World) -> None:
    assert send(w.url, "/nothing.nv", w.desk.keys).status_code == 404
    assert httpx.get(f"{w.url}/").status_code == 404


def test_a_customer_with_invoices_is_not_deleted(w: World) -> None:
    owner = next(iter(w.desk.books.invoices.values())).customer_key
    answer = send(w.url, f"/deletecustomer.nv?id={owner}", w.desk.keys, method="POST")
    assert sentence(answer).startswith("INVALID_DATA :: ")


def test_dates_and_decimals_come_in_every_form_that_the_real_one_has(w: World) -> None:
    invoices = send(w.url, "/salesinvoicelist.nv", w.desk.keys).text
    payments = send(w.url, "/salespaymentlist.nv", w.desk.keys).text
    assert '<Invoicedate format="ansi">20' in invoices
    assert "-" not in payments.partition("<Date>")[2].partition("</Date>")[0]
    assert "," in invoices.partition("<InvoiceSum>")[2].partition("<")[0]
    assert "<Customerlist>" in send(w.url, "/customerlist.nv", w.desk.keys).text
