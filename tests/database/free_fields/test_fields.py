"""Fields that a tenant declares: checked at the door, sealed, told to their person, ended."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import text

from connector.contacts.holder import ContactHolder
from connector.contacts.write import Entry, create_contact, delete_contact
from connector.free_fields.checks import NotDeclared
from connector.free_fields.declare import (
    Declaration,
    FieldExists,
    declare_field,
    end_field,
    list_fields,
)
from connector.free_fields.kinds import About, FieldType
from connector.free_fields.records import fields_of, fill_fields
from connector.free_fields.values import sweep_free_values
from connector.synced.shapes import Contact
from privacy.core import clock
from privacy.core.db.declarations import LegalBasis, Purpose
from privacy.core.errors import Invalid, NotFound
from privacy.identities.people import Person
from privacy.subjects.holders import Subject
from privacy.vault.errors import OpenError
from tenants.http.forms import Sheet
from tests.tenancies import House, Tenancy

METER = Declaration(
    About.CONTACT,
    "meter_number",
    "Meter number",
    FieldType.TEXT,
    Purpose.DELIVERY,
    LegalBasis.CONTRACT,
    days=30,
)


PARTS_OF_FORMS = {name for name in dir(Sheet()) if name.isidentifier() and name[0] != "_"}


def more(key: str, kind: FieldType, *words: str) -> Declaration:
    return Declaration(
        About.CONTACT, key, key, kind, Purpose.DELIVERY, LegalBasis.CONTRACT, choices=words
    )


def declare(tenancy: Tenancy, *declarations: Declaration) -> list[uuid.UUID]:
    with tenancy.work() as work:
        return [declare_field(work, declaration=one) for one in declarations]


def a_contact(tenancy: Tenancy) -> uuid.UUID:
    robin = Contact(name="Robin Example", emails=("robin@example.com",))
    with tenancy.work() as work:
        return create_contact(work, vault=tenancy.vault, entry=Entry(robin))


def fill(tenancy: Tenancy, contact_id: uuid.UUID, **given: str) -> int:
    with tenancy.work() as work:
        return fill_fields(
            work, vault=tenancy.vault, about=About.CONTACT, record_id=contact_id, given=given
        )


def filled(tenancy: Tenancy, contact_id: uuid.UUID) -> dict[str, str]:
    with tenancy.work() as work:
        found = fields_of(work, vault=tenancy.vault, about=About.CONTACT, record_id=contact_id)
    return {one.field.key: one.value for one in found if one.value}


def count(house: House) -> object:
    ((found,),) = house.rows("SELECT count(*) FROM free_values")
    return found


@pytest.mark.promise("A11")
@pytest.mark.promise("A12")
@pytest.mark.attack(34)
@pytest.mark.attack(43)
def test_what_is_declared_is_taken_and_nothing_else(house: House) -> None:
    alice, contact_id = house.alice, a_contact(house.alice)
    kinds = (
        more("seats", FieldType.NUMBER),
        more("renewal", FieldType.DATE),
        more("insured", FieldType.YES_NO),
        more("size", FieldType.CHOICE, "small", "large"),
    )
    declare(alice, METER, *kinds)
    with pytest.raises(FieldExists):
        declare(alice, METER)
    good = {"seats": "12,50", "renewal": "2027-02-28", "insured": "YES", "size": "small"}
    assert fill(alice, contact_id, meter_number=" FI  4711 ", **good) == 5
    assert filled(alice, contact_id) == {
        "meter_number": "FI 4711",
        "seats": "12.5",
        "renewal": "2027-02-28",
        "insured": "yes",
        "size": "small",
    }
    assert fill(alice, contact_id, seats="12.5") == 0, "nothing is different"
    wrong = {
        "seats": "many",
        "renewal": "2027-02-30",
        "insured": "perhaps",
        "size": "huge",
        "meter_number": "4111 1111 1111 1111",
    }
    for key, value in wrong.items():
        with pytest.raises(Invalid) as refused:
            fill(alice, contact_id, **{key: value})
        assert list(refused.value.details["fields"]) == [key]  # type: ignore[call-overload]
        assert value not in str(refused.value.details)
    with pytest.raises(NotDeclared):
        fill(alice, contact_id, shoe_size="44")
    with pytest.raises(NotFound):
        fill(house.charlie, contact_id, meter_number="x")
    with pytest.raises(NotDeclared):
        fill(house.charlie, a_contact(house.charlie), meter_number="of another tenant's")
    for bad in (
        *(more(name, FieldType.TEXT) for name in sorted(PARTS_OF_FORMS)),
        more("Bad key", FieldType.TEXT),
        more("words", FieldType.TEXT, "a"),
        more("none", FieldType.CHOICE),
    ):
        with pytest.raises(Invalid):
            declare(alice, bad)


@pytest.mark.promise("A11")
@pytest.mark.promise("C1")
@pytest.mark.attack(4)
def test_it_is_sealed_told_and_goes_with_its_contact_its_field_or_its_days(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, contact_id = house.alice, a_contact(house.alice)
    (meter, note) = declare(alice, METER, more("note", FieldType.TEXT))
    fill(alice, contact_id, meter_number="FI-4711", note="by the door")
    sealed = str(list(house.rows("SELECT value_sealed FROM free_values")))
    assert "4711" not in sealed
    robin = Subject(Person(email="robin@example.com"))
    with alice.work() as work:
        (told,) = ContactHolder().collect(work, alice.vault, robin)
    assert told.fields["other_information"] == {"Meter number": "FI-4711", "note": "by the door"}

    with house.installation.superuser().begin() as connection:
        connection.execute(
            text(
                "UPDATE free_values SET value_sealed = (SELECT value_sealed FROM free_values "
                "WHERE field_id = :note) WHERE field_id = :meter"
            ),
            {"note": note, "meter": meter},
        )
    with pytest.raises(OpenError):
        filled(alice, contact_id)
    with house.installation.superuser().begin() as connection:
        connection.execute(text("DELETE FROM free_values WHERE field_id = :m"), {"m": meter})
    fill(alice, contact_id, meter_number="FI-4712")

    monkeypatch.setattr(clock, "_offset", timedelta(days=30))
    assert filled(alice, contact_id) == {"note": "by the door"}, "not read, even before the sweep"
    with alice.work() as work:
        assert sweep_free_values(work) == 1
    assert count(house) == 1
    with alice.work() as work:
        assert end_field(work, field_id=note) == 1
    assert count(house) == 0
    with alice.work() as work:
        assert [row.key for row in list_fields(work)] == ["meter_number"]
    fill(alice, contact_id, meter_number="FI-4713")
    with alice.work() as work:
        delete_contact(work, vault=alice.vault, contact_id=contact_id)
    assert count(house) == 0
