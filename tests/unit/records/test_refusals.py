"""What is received is looked through, record and document alike."""

import json

import pytest

from connector.providers.port import Received
from connector.synced.refusals import RecordRefusal, refusal_of
from connector.synced.shapes import Address, Contact, Product

CARD = "4111 1111 1111 1111"


@pytest.mark.promise("A7")
@pytest.mark.parametrize(
    "document",
    [
        json.dumps({"note": CARD}).encode(),
        json.dumps({"note": 4111111111111111}).encode(),
        json.dumps({CARD: 1}).encode(),
        json.dumps({"a": [{"b": [f"x {CARD}"]}]}).encode(),
        json.dumps({"note": "４１１１１１１１１１１１１１１１"}).encode(),
        json.dumps({"note": "4111\n1111\t1111 1111"}).encode(),
        '{"note": "4111\u00a01111\u00a01111\u00a01111"}'.encode(),
        f"no JSON at all {CARD}".encode(),
        b"\xff\xfe 4111111111111111",
    ],
)
def test_a_card_in_a_document_is_seen(document: bytes) -> None:
    received = Received(external_id="1", record=Contact(name="x"), document=document)
    assert refusal_of(Contact, received) is RecordRefusal.CARD_NUMBER


@pytest.mark.promise("A7")
def test_a_card_anywhere_in_a_record_is_seen() -> None:
    for record in (
        Contact(name=CARD),
        Contact(name="x", phones=("1", CARD)),
        Contact(name="x", address=Address(street=f"Street {CARD}")),
    ):
        received = Received(external_id="1", record=record)
        assert refusal_of(Contact, received) is RecordRefusal.CARD_NUMBER


def test_digits_of_two_fields_are_no_card() -> None:
    record = Contact(name="4111 1111", contact_person="1111 1111")
    document = json.dumps({"a": "4111 1111", "b": "1111 1111"}).encode()
    received = Received(external_id="1", record=record, document=document)
    assert refusal_of(Contact, received) is None


def test_other_kinds_and_very_long_documents_are_refused() -> None:
    wrong = Received(external_id="1", record=Product(name="x"))
    assert refusal_of(Contact, wrong) is RecordRefusal.WRONG_KIND
    long = Received(external_id="1", record=Contact(name="x"), document=b"x" * 300_000)
    assert refusal_of(Contact, long) is RecordRefusal.TOO_LARGE
