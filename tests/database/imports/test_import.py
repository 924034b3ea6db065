"""Long files: read once, in pieces, from where the last run stopped."""

import io

import pytest

from connector.accounts.kinds import AccountKind
from connector.imports import read, run
from connector.imports.run import Imported, import_file
from privacy.core.clock import now
from privacy.core.db.work import SYSTEM
from privacy.core.errors import Invalid
from tests.tenancies import House


def rows(first: int, last: int) -> bytes:
    day = now().date().isoformat()
    return b"".join(
        f'"","+12025550123","+442079460345","in","","PJSIP/t-1","PJSIP/17-2","Dial","x",'
        f'"{day} 00:00:00","{day} 00:00:02","{day} 00:00:09",9,7,"ANSWERED","DOCUMENTATION",'
        f'"1700000000.{n}"\n'.encode()
        for n in range(first, last)
    )


def take(house: House, account_id: object, content: bytes) -> Imported:
    return import_file(
        house.installation.engines.app,
        vault=house.alice.vault,
        tenant_id=house.alice.id,
        actor=SYSTEM,
        account_id=account_id,  # type: ignore[arg-type]
        stream=io.BytesIO(content),
    )


def test_a_file_that_grew_is_read_from_its_old_end(house: House) -> None:
    account = house.alice.account(AccountKind.ASTERISK)
    first = rows(0, 7)
    assert take(house, account.id, first) == Imported(accepted=7)
    assert take(house, account.id, first + rows(7, 10)) == Imported(
        accepted=10, resumed_at=len(first)
    )
    assert house.installation.count("calls") == 10


def test_files_that_begin_with_the_same_header_are_not_taken_for_one(house: House) -> None:
    account = house.alice.account(AccountKind.ASTERISK)
    header = b"accountcode,src,dst,dcontext,clid,channel\n"
    assert take(house, account.id, header + rows(0, 7)) == Imported(accepted=7)
    assert take(house, account.id, header + rows(7, 10)) == Imported(accepted=3)
    assert take(house, account.id, header + rows(7, 11)).accepted == 4
    assert house.installation.count("calls") == 11


def test_a_killed_import_goes_on_and_stores_nothing_twice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "BATCH", 3)
    account = house.alice.account(AccountKind.ASTERISK)
    content, batches = rows(0, 10), 0
    real = run._take

    def dies(*given: object) -> None:
        nonlocal batches
        batches += 1
        real(*given)  # type: ignore[arg-type]
        if batches == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(run, "_take", dies)
    with pytest.raises(KeyboardInterrupt):
        take(house, account.id, content)
    assert house.installation.count("calls") == 3
    monkeypatch.setattr(run, "_take", real)
    done = take(house, account.id, content)
    assert (done.accepted, done.duplicates) == (10, 0)
    assert done.resumed_at == len(rows(0, 3))


def test_unreadable_rows_are_counted_and_the_rest_is_stored(house: House) -> None:
    account = house.alice.account(AccountKind.ASTERISK)
    done = take(house, account.id, rows(0, 2) + b'"only","three","columns"\n' + rows(2, 3))
    assert (done.accepted, done.rejected) == (3, 1)


@pytest.mark.parametrize("kind", [AccountKind.FREESWITCH, AccountKind.API])
def test_accounts_that_post_read_no_files(house: House, kind: AccountKind) -> None:
    account = house.alice.account(kind)
    with pytest.raises(Invalid):
        take(house, account.id, rows(0, 1))
