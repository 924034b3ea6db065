"""The addresses that exchanges send to: secrets, ends, limits."""

import json

from connector.accounts.kinds import AccountKind
from connector.accounts.secrets import close_secrets, issue_secret
from tests.functional.api.exchanges import cdr
from tests.functional.api.programs import Programs
from tests.tenancies import House


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
