"""Kamailio, Asterisk, 3CX and Moontalk: what they send, and what they are told."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from connector.accounts.kinds import AccountKind
from privacy.core import clock
from tests.functional.api.exchanges import Stored
from tests.functional.api.programs import Programs
from tests.tenancies import House


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
        began = time.process_time()
        answer = programs.client.post(address, json=kamailio(method, moment))
        assert answer.status_code == 200
        assert time.process_time() - began < 0.5
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
