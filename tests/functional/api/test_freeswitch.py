"""FreeSWITCH: its reports in every encoding, and what is none."""

import base64
from datetime import timedelta
from urllib.parse import quote

import pytest

from connector.accounts.kinds import AccountKind
from privacy.core import clock
from tests.functional.api.exchanges import LEG, Stored, cdr
from tests.functional.api.programs import Programs
from tests.tenancies import House


def encodings(document: str) -> list[tuple[bytes, str]]:
    form, b64 = "application/x-www-form-urlencoded", "application/x-www-form-base64-encoded"
    return [
        (document.encode(), "application/json"),
        (document.encode(), form),
        (b"cdr=" + quote(document).encode(), form),
        (b"cdr=" + base64.b64encode(document.encode()), b64),
    ]


@pytest.mark.parametrize("encoding", range(4))
def test_freeswitch_json_in_every_encoding(
    programs: Programs, house: House, stored: Stored, encoding: int
) -> None:
    _, address = programs.account(house.alice, AccountKind.FREESWITCH)
    body, content_type = encodings(cdr())[encoding]
    answer = programs.client.post(f"{address}?uuid={LEG}", data=body, content_type=content_type)
    assert (answer.status_code, answer.json and answer.json["accepted"]) == (200, 1)
    again = programs.client.post(f"{address}?uuid={LEG}", data=body, content_type=content_type)
    assert (again.status_code, again.json and again.json["duplicates"]) == (200, 1)
    (kept,) = stored()
    assert (kept["caller"], kept["called"]) == ("+12025550143", "+442079460018")
    assert (kept["source_id"], kept["direction"]) == (LEG, "inbound")


def test_freeswitch_xml(programs: Programs, house: House, stored: Stored) -> None:
    _, address = programs.account(house.alice, AccountKind.FREESWITCH)
    start = int(clock.now().timestamp()) - 600
    xml = (
        f"<?xml version='1.0'?><cdr><variables><uuid>{LEG}</uuid><start_epoch>{start}"
        "</start_epoch></variables><callflow><caller_profile><caller_id_number>+12025550143"
        "</caller_id_number><destination_number>+442079460018</destination_number>"
        "</caller_profile></callflow></cdr>"
    )
    body = b"cdr=" + quote(xml).encode()
    form = "application/x-www-form-urlencoded"
    answer = programs.client.post(f"{address}?uuid=a_{LEG}", data=body, content_type=form)
    assert answer.json is not None
    assert answer.json["accepted"] == 1
    assert stored()[0]["source_id"] == LEG


HOSTILE = [
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><cdr><uuid>&x;</uuid></cdr>',
    '<!DOCTYPE cdr SYSTEM "http://127.0.0.1/evil.dtd"><cdr><variables/></cdr>',
    '<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;">]><cdr><uuid>&b;</uuid></cdr>',
    '<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]><cdr/>',
    "<cdr>" + "<a>" * 100_000 + "</a>" * 100_000 + "</cdr>",
    '<cdr xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd"/></cdr>',
]


@pytest.mark.attack(48)
def test_hostile_xml_is_refused(programs: Programs, house: House) -> None:
    _, address = programs.account(house.alice, AccountKind.FREESWITCH)
    for xml in HOSTILE:
        answer = programs.client.post(address, data=xml, content_type="text/xml")
        assert answer.status_code in {400, 422}
        assert "root:" not in answer.text
    assert house.installation.count("calls") == 0


NONSENSE = [
    *(b"", b"{", b"[" * 100_000, b'{"variables":{"a":' * 50_000),
    *(b"cdr=%00%ff", b"\xff\xfe", b"cdr=", b"null", b"[]", b"{}", b"[1]", b'{"variables":[]}'),
]


@pytest.mark.attack(55)
def test_nonsense_is_refused_for_good(programs: Programs, house: House) -> None:
    """By every kind of exchange: 4xx, never 5xx, which exchanges would repeat."""
    for kind in (AccountKind.FREESWITCH, AccountKind.KAMAILIO, AccountKind.MOONTALK):
        _, address = programs.account(house.alice, kind)
        for body in NONSENSE:
            answer = programs.client.post(address, data=body, content_type="application/json")
            assert answer.status_code < 500
    assert house.installation.count("calls") == 0


def test_other_legs_and_old_calls_are_no_reason_to_repeat(programs: Programs, house: House) -> None:
    _, address = programs.account(house.alice, AccountKind.FREESWITCH)
    leg = programs.client.post(address, data=cdr("other", originating_leg_uuid=LEG))
    old = programs.client.post(address, data=cdr("old", ago=timedelta(days=60)))
    nothing = {"accepted": 0, "duplicates": 0, "expired": 0, "skipped": 0, "rejected": []}
    assert leg.json == nothing | {"skipped": 1}
    assert old.json == nothing | {"expired": 1}
    ahead = programs.client.post(address, data=cdr("ahead", ago=-timedelta(days=3)))
    assert ahead.json is not None
    assert (ahead.status_code, ahead.json["code"]) == (422, "starts_in_future")
