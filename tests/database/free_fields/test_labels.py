"""Names of own fields by language: in forms, in notices, and the one name where there is none."""

from dataclasses import replace

import pytest

from connector.free_fields.declare import Declaration, declare_field, end_field, list_fields
from connector.free_fields.kinds import About, FieldType
from connector.free_fields.rename import rename_field
from connector.notices.fields import with_own_fields
from privacy.core.db.declarations import LegalBasis, Purpose
from privacy.core.errors import Invalid, NotFound
from privacy.notices.differences import differences
from privacy.notices.publish import snapshot
from privacy.profiles import profile
from privacy.profiles.model import Profile
from tests.tenancies import House

METER = Declaration(
    About.CONTACT,
    "meter_number",
    "Meter number",
    FieldType.TEXT,
    Purpose.DELIVERY,
    LegalBasis.CONTRACT,
    labels={"fi": " Mittarin numero ", "de": "Zählernummer", "sv": " "},
)


def test_a_field_is_called_as_the_reader_speaks(house: House) -> None:
    with house.alice.work() as work:
        declare_field(work, declaration=METER)
        [field] = list_fields(work)
    assert field.labels == {"fi": "Mittarin numero", "de": "Zählernummer"}
    names = [field.called(one) for one in ("en", "fi", "sv", "de", "fr")]
    expected = ["Meter number", "Mittarin numero", "Meter number", "Zählernummer", "Meter number"]
    assert names == expected


@pytest.mark.promise("A13")
def test_notices_name_it_in_their_language(house: House) -> None:
    rules = profile("N")
    with house.alice.work() as work:
        declare_field(work, declaration=METER)
        [extended] = with_own_fields(work, [rules])
    said = {one: " ".join(differences(rules, extended, language=one)) for one in ("en", "fi", "de")}
    assert "Meter number" in said["en"]
    assert "Mittarin numero" in said["fi"]
    assert "Zählernummer" in said["de"]
    assert Profile.model_validate_json(snapshot(extended)) == extended


def test_rules_without_such_names_are_written_as_before() -> None:
    """Else every notice of every tenant would get a new version, for nothing."""
    assert '"said"' not in snapshot(profile("N"))


@pytest.mark.parametrize(
    ("labels", "named"), [({"fi": "x" * 81}, "label_fi"), ({"fr": "Compteur"}, "labels")]
)
def test_names_that_cannot_be(house: House, labels: dict[str, str], named: str) -> None:
    with house.alice.work() as work, pytest.raises(Invalid) as refusal:
        declare_field(work, declaration=replace(METER, labels=labels))
    assert named in str(refusal.value.details["fields"])


def test_only_what_is_declared_is_renamed(house: House) -> None:
    with house.alice.work() as work:
        field_id = declare_field(work, declaration=METER)
    with house.charlie.work() as work, pytest.raises(NotFound):
        rename_field(work, field_id=field_id, label="x", labels={})
    with house.alice.work() as work:
        end_field(work, field_id=field_id)
        with pytest.raises(NotFound):
            rename_field(work, field_id=field_id, label="x", labels={})
