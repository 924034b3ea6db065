"""What exchanges send to their addresses, and what they are told."""

import base64
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from werkzeug.test import TestResponse

from connector.accounts.kinds import AccountKind
from connector.accounts.secrets import close_secrets, issue_secret
from connector.providers.twilio.signatures import sign
from privacy.core import clock
from tests.functional.api.programs import Programs
from tests.tenancies import House

TOKEN = "token-of-a-test"
LEG = "0b9d7a1e-3c52-4d55-8c9e-6a1f2b3c4d5e"


@pytest.fixture
def stored(programs: Programs, house: House) -> Callable[[], list[dict[str, Any]]]:
    """Every call of Alice's, as the API shows it."""
    key = programs.key(house.alice)

    def read() -> list[dict[str, Any]]:
        found = programs.client.post("/api/v1/calls/search", json={}, headers=key).json
        assert found is not None
        calls: list[dict[str, Any]] = found["calls"]
        return calls

    return read


Stored = Callable[[], list[dict[str, Any]]]


def cdr(uuid: str = LEG, *, ago: timedelta = timedelta(minutes=10), **variables: str) -> str:
    start = int((clock.now() - ago).timestamp())
    document = {
        "core-uuid": "core",
        "variables": {
            "uuid": uuid,
            "start_epoch": str(start),
            "answer_epoch": str(start + 4),
            "end_epoch": str(start + 64),
            "caller_id_name": "Robin%20Example",
            "secret_sip_header": "never%20kept",
            **variables,
        },
        "callflow": [
            {
                "caller_profile": {
                    "caller_id_name": "Robin Example",
                    "caller_id_number": "+12025550143",
                    "destination_number": "+442079460018",
                    "uuid": uuid,
                }
            }
        ],
    }
    return json.dumps(document).replace('"core"', '"core", "mos": nan')


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


def test_the_secret_can_be_a_basic_password(programs: Programs, house: House) -> None:
    _, address = programs.account(house.alice, AccountKind.FREESWITCH)
    secret = address.rpartition("/")[2]
    answer = programs.client.post("/in/basic", data=cdr(), auth=("silta", secret))
    assert answer.status_code == 200
    assert programs.client.post("/in/basic", data=cdr()).status_code == 401
    assert (
        programs.client.post("/in/basic", data=cdr(), auth=("silta", "x" * 32)).status_code == 404
    )


def test_unknown_secrets_are_all_alike_and_soon_slowed(programs: Programs, house: House) -> None:
    _, address = programs.account(house.alice, AccountKind.FREESWITCH)
    secret = address.rpartition("/")[2]
    wrong = ["x" * 32, "x", secret[:-1], secret.swapcase(), "%00", "x" * 400]
    answers = [programs.client.post(f"/in/{each}", data=cdr()) for each in wrong]
    assert {answer.status_code for answer in answers} == {404}
    bodies = [answer.json or {} for answer in answers]
    assert len({json.dumps(body | {"request_id": ""}) for body in bodies}) == 1
    tries = [programs.client.post(f"/in/{'y' * 32}").status_code for _ in range(30)]
    assert tries[-1] == 429
    assert programs.client.post(address, data=cdr()).status_code == 200, "the known one passes"


def test_a_paused_or_deleted_account_takes_nothing(programs: Programs, house: House) -> None:
    _, address = programs.account(house.alice, AccountKind.FREESWITCH)
    with house.installation.superuser().begin() as connection:
        connection.exec_driver_sql("UPDATE connector_accounts SET state = 'disabled'")
    paused = programs.client.post(address, data=cdr())
    assert paused.json is not None
    assert (paused.status_code, paused.json["code"]) == (403, "account_paused")
    with house.installation.superuser().begin() as connection:
        connection.exec_driver_sql("UPDATE connector_accounts SET deleted_at = now()")
    assert programs.client.post(address, data=cdr()).status_code == 404


def twilio(
    programs: Programs,
    address: str,
    *,
    token: str = TOKEN,
    signed: str | None = None,
    **fields: str,
) -> TestResponse:
    form = {
        "CallSid": "CA1",
        "AccountSid": "AC1",
        "From": "+12025550143",
        "To": "+442079460018",
        "Direction": "inbound",
        **fields,
    }
    url = programs.house.installation.settings.public_url + address
    signature = signed if signed is not None else sign(url, list(form.items()), token).decode()
    return programs.client.post(
        address,
        data=urlencode(form),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
    )


def events() -> list[dict[str, str]]:
    start = clock.now() - timedelta(minutes=10)
    steps = [("ringing", 0), ("in-progress", 5), ("completed", 65)]
    return [
        {
            "CallStatus": status,
            "SequenceNumber": str(number),
            "Timestamp": format_datetime(start + timedelta(seconds=after)),
            **({"CallDuration": "60"} if status == "completed" else {}),
        }
        for number, (status, after) in enumerate(steps)
    ]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (0, 2, 2, 1, 0)])
def test_twilio_s_events_are_one_call_in_any_order(
    programs: Programs, house: House, stored: Stored, order: tuple[int, ...]
) -> None:
    _, address = programs.account(house.alice, AccountKind.TWILIO)
    told = events()
    for each in order:
        answer = twilio(programs, address, **told[each])
        assert (answer.status_code, answer.data) == (204, b"")
    (kept,) = stored()
    start = datetime.fromisoformat(kept["started_at"])
    assert (datetime.fromisoformat(kept["answered_at"]) - start).total_seconds() == 5
    assert (datetime.fromisoformat(kept["ended_at"]) - start).total_seconds() == 65


def test_twilio_s_events_at_the_same_moment_are_one_call(
    programs: Programs, house: House, stored: Stored
) -> None:
    _, address = programs.account(house.alice, AccountKind.TWILIO)
    for _ in range(3):
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda each: twilio(programs, address, **each), events()))
    (kept,) = stored()
    assert kept["answered_at"] is not None
    assert kept["ended_at"] is not None


@pytest.mark.attack(56)
def test_a_callback_without_the_right_signature_is_refused(
    programs: Programs, house: House
) -> None:
    _, address = programs.account(house.alice, AccountKind.TWILIO)
    event = events()[2]
    url = programs.house.installation.settings.public_url + address
    good = sign(url, [("CallSid", "CA1")], "token-of-a-test").decode()
    assert twilio(programs, address, token="another", **event).status_code == 403
    assert twilio(programs, address, signed="", **event).status_code == 403
    assert twilio(programs, address, signed=good, **event).status_code == 403
    elsewhere = sign(url + "/x", list(event.items()), "token-of-a-test").decode()
    assert twilio(programs, address, signed=elsewhere, **event).status_code == 403
    assert house.installation.count("calls") == 0
    refused = list(
        house.rows("SELECT event FROM ledger_events WHERE event LIKE 'provider:account%'")
    )
    assert len(refused) == 1, "said once a minute, however often it is tried"


@pytest.mark.attack(56)
def test_a_callback_sent_again_changes_nothing(
    programs: Programs, house: House, stored: Stored
) -> None:
    _, address = programs.account(house.alice, AccountKind.TWILIO)
    for event in events():
        twilio(programs, address, **event)
    before = stored()
    for event in [*events()[:1], *events()]:
        assert twilio(programs, address, **event).status_code == 204
    assert [each["id"] for each in stored()] == [each["id"] for each in before]


def kamailio(method: str, moment: datetime) -> dict[str, str]:
    return {
        "method": method,
        "callid": "c-1@pbx.example.net",
        "from_tag": "a" if method == "INVITE" else "b",
        "to_tag": "b" if method == "INVITE" else "a",
        "sip_code": "200",
        "src_user": "+12025550143",
        "dst_user": "+442079460018",
        "time_hires": str(moment.timestamp()),
    }


def test_kamailio_s_rows_are_one_call_and_soon_answered(
    programs: Programs, house: House, stored: Stored
) -> None:
    _, address = programs.account(house.alice, AccountKind.KAMAILIO)
    start = clock.now() - timedelta(minutes=5)
    programs.client.post(address, json={"method": "OPTIONS"})
    for method, moment in (("INVITE", start), ("BYE", start + timedelta(seconds=61))):
        began = time.monotonic()
        answer = programs.client.post(address, json=kamailio(method, moment))
        assert answer.status_code == 200
        assert time.monotonic() - began < 2
    (kept,) = stored()
    spoken = datetime.fromisoformat(kept["ended_at"]) - datetime.fromisoformat(kept["answered_at"])
    assert spoken.total_seconds() == pytest.approx(61)
    assert kept["caller"] == "+12025550143"


def master_csv(rows: int) -> bytes:
    start = (clock.now() - timedelta(hours=2)).astimezone(UTC)
    lines = []
    for n in range(rows):
        began = start + timedelta(seconds=n % 3600)
        times = [f'"{began + timedelta(seconds=s):%Y-%m-%d %H:%M:%S}"' for s in (0, 3, 63)]
        parties = f'"","+1202555{100 + n % 100:04}","+442079460018","from-trunk"'
        rest = f'"""Robin, Example"" <+12025550143>","SIP/a","SIP/b","Dial","x",{",".join(times)}'
        lines.append(f'{parties},{rest},63,60,"ANSWERED","DOCUMENTATION","u-{n}",""')
    return "\n".join([*lines, ""]).encode()


def test_asterisk_s_file_is_taken_in_blocks(
    programs: Programs, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, address = programs.account(
        house.alice, AccountKind.ASTERISK, inbound_contexts=["from-trunk"], time_zone="UTC"
    )
    body = master_csv(6000) + b'"too","few"\n'
    answer = programs.client.put(f"{address}/Master.csv", data=body)
    assert answer.json is not None
    assert (answer.json["accepted"], answer.json["duplicates"]) == (6000, 0)
    assert [each["index"] for each in answer.json["rejected"]] == [6000]
    again = programs.client.post(address, data=body, content_type="text/csv")
    assert again.json is not None
    assert again.json["duplicates"] == 6000
    assert house.installation.count("calls") == 6000


@pytest.mark.attack(50)
def test_formulas_in_a_file_are_text_and_numbers_stay_numbers(
    programs: Programs, house: House, stored: Stored
) -> None:
    _, address = programs.account(house.alice, AccountKind.ASTERISK)
    body = master_csv(1).replace(b"Robin, Example", b"=HYPERLINK(1)")
    programs.client.post(address, data=body)
    (kept,) = stored()
    assert kept["caller"] == "+12025550100"


def test_3cx_lines(programs: Programs, house: House, stored: Stored) -> None:
    _, address = programs.account(house.alice, AccountKind.THREECX)
    start = (clock.now() - timedelta(minutes=10)).astimezone(UTC)
    times = [f"{start + timedelta(seconds=s):%Y/%m/%d %H:%M:%S}" for s in (0, 4, 64)]
    line = f"Call h-1,c-1,00:01:00,{','.join(times)},,+12025550143,Ext.100,,100,,,,,\n"
    answer = programs.client.post(address, data=line.encode(), content_type="text/csv")
    assert answer.json is not None
    assert answer.json["accepted"] == 1
    (kept,) = stored()
    assert (kept["caller"], kept["called"]) == ("+12025550143", "100")


def test_moontalk_s_push(programs: Programs, house: House, stored: Stored) -> None:
    _, address = programs.account(house.alice, AccountKind.MOONTALK)
    start = clock.now() - timedelta(minutes=10)
    document = {
        "id": "m-1",
        "caller": "+12025550143",
        "called": "+442079460018",
        "direction": "incoming",
        "user_id": "agent-7",
        "contact_person": "Robin Example",
        "company": "Example Ltd",
        "started_at": start.isoformat(),
        "undeclared": "never kept",
    }
    answer = programs.client.post(address, json=document)
    assert answer.status_code == 200
    (kept,) = stored()
    assert (kept["company"], kept["user_id"]) == ("Example Ltd", "agent-7")


def test_what_was_received_connects_the_account(programs: Programs, house: House) -> None:
    _, address = programs.account(house.alice, AccountKind.FREESWITCH)
    programs.client.post(address, data=cdr())
    key = programs.key(house.alice)
    listed = programs.client.get("/api/v1/accounts", headers=key).json
    assert listed is not None
    assert listed["accounts"][0]["state"] == "connected"
    assert listed["accounts"][0]["last_received_at"] is not None


def test_addresses_take_posts_only(programs: Programs, house: House) -> None:
    _, address = programs.account(house.alice, AccountKind.FREESWITCH)
    assert programs.client.get(address).status_code == 405
    assert programs.client.get("/in/nothing").status_code == 405


def test_a_closed_address_is_closed_at_the_next_post(programs: Programs, house: House) -> None:
    account, address = programs.account(house.alice, AccountKind.FREESWITCH)
    assert programs.client.post(address, data=cdr("a")).status_code == 200
    with house.alice.work() as work:
        newer = issue_secret(work, account.id)
    assert programs.client.post(address, data=cdr("b")).status_code == 200, "both overlap"
    assert programs.client.post(f"/in/{newer}", data=cdr("c")).status_code == 200
    assert programs.client.post(address, data=cdr("d")).status_code == 404, "the newer was used"
    with house.alice.work() as work:
        close_secrets(work, account.id)
    assert programs.client.post(f"/in/{newer}", data=cdr("e")).status_code == 404


def test_a_document_has_an_end(programs: Programs, house: House) -> None:
    _, address = programs.account(house.alice, AccountKind.FREESWITCH)
    answer = programs.client.post(address, data=cdr() + " " * (1 << 20))
    assert answer.json is not None
    assert (answer.status_code, answer.json["code"]) == (413, "document_too_long")
    said = {"Content-Length": str(300 << 20)}
    assert programs.client.post(address, data=b"x", headers=said).status_code in {400, 413}
