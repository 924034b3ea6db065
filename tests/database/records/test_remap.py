"""A better mapping reaches what was read before."""

import json
import threading
from collections.abc import Callable

import pytest

from connector.contacts.shelf import CONTACTS
from connector.providers.port import Received, Stream
from connector.synced.read import Listing, list_records
from connector.synced.remap import Remapping, remap_records
from connector.synced.shapes import Contact, RecordKind
from connector.synced.sinks import Saved
from privacy.core.db.work import SYSTEM
from privacy.vault.reseals import registered, reseal_tenant
from privacy.vault.rotations import rotate_tenant
from tests.database.records.books import Books, a_contact, an_account, received
from tests.tenancies import House

STREAMS = (
    Stream("customers", RecordKind.CONTACTS, "Customers"),
    Stream("calls", RecordKind.CALLS, "Calls"),
)


class Mapping:
    """A vendor's, as it is now."""

    streams = STREAMS

    def __init__(self, read: Callable[[dict[str, str]], Contact | None]) -> None:
        self._read = read

    def remap(self, _stream: str, document: bytes) -> Received | None:
        """The document as it is read now."""
        said = json.loads(document)
        record = self._read(said)
        return None if record is None else received(said["id"], record, document=document)


@pytest.fixture
def books(house: House) -> Books:
    books = Books(house.alice, an_account(house.alice))
    books.save_all(
        [
            received(
                str(n),
                a_contact(name=f"Company {n}"),
                version=3,
                document=json.dumps({"id": str(n), "name": f"Company {n}"}).encode(),
            )
            for n in range(5)
        ]
    )
    books.save(received("bare", a_contact()))
    return books


def run(house: House, books: Books, mapping: Mapping) -> Saved:
    return remap_records(
        Remapping(
            house.installation.engines.app,
            house.vault,
            house.alice.id,
            SYSTEM,
            books.account.id,
            mapping,
        )
    )


def names(house: House) -> list[str]:
    with house.alice.work() as work:
        page = list_records(work, vault=house.vault, shelf=CONTACTS, listing=Listing())
    return sorted(view.record.name for view in page.records)


def test_what_is_read_differently_changes_and_the_rest_does_not(house: House, books: Books) -> None:
    def better(said: dict[str, str]) -> Contact | None:
        return None if said["id"] == "4" else Contact(name=said["name"].upper())

    assert run(house, books, Mapping(better)) == Saved(changed=4)
    assert run(house, books, Mapping(better)) == Saved(unchanged=4)
    upper = [f"COMPANY {n}" for n in range(4)]
    assert names(house) == sorted([*upper, "Company 4", "Example Ltd"])


def test_what_is_erased_meanwhile_is_not_written_again(house: House, books: Books) -> None:
    erased: list[int] = []
    erasing = threading.Thread(target=lambda: erased.append(books.remove("1")))

    def slow(said: dict[str, str]) -> Contact:
        if erasing.ident is None:
            erasing.start()
            erasing.join(0.5)
        return Contact(name=f"Read better {said['id']}")

    run(house, books, Mapping(slow))
    erasing.join(30.0)
    assert erased == [1]
    assert "Read better 1" not in names(house)


def test_an_older_version_does_not_bring_the_old_reading_back(house: House, books: Books) -> None:
    run(house, books, Mapping(lambda _said: Contact(name="Read better")))
    assert books.save(received("1", a_contact(name="Stale"), version=2)) == Saved(unchanged=1)
    assert "Stale" not in names(house)


@pytest.mark.attack(7)
def test_records_are_sealed_again_under_a_new_key_and_still_found(
    house: House, books: Books
) -> None:
    engines = house.installation.engines
    rotate_tenant(engines.keeper, house.custody, tenant_id=house.alice.id)
    mixed = received("new", a_contact(name="Under the new key"))
    books.save(mixed)
    assert len(names(house)) == 7
    ours = [one for one in registered() if one.name.startswith("contacts.")]
    moved = reseal_tenant(engines.app, house.vault, tenant_id=house.alice.id, resealables=ours)
    assert moved == 6 + 5
    assert len(names(house)) == 7
    assert books.save(mixed) == Saved(unchanged=1)
