"""Names of own fields in other languages are wording: a new version, and no announcement."""

from connector.free_fields.declare import Declaration, declare_field
from connector.free_fields.kinds import About, FieldType
from connector.free_fields.rename import rename_field
from connector.notices.publish import publish_notices
from privacy.core.db.declarations import LegalBasis, Purpose
from privacy.notices.publish import newest
from tests.database.notices.conftest import Place

METER = Declaration(
    About.CONTACT,
    "meter_number",
    "Meter number",
    FieldType.TEXT,
    Purpose.DELIVERY,
    LegalBasis.CONTRACT,
)


def test_a_new_name_is_new_wording_and_no_new_rule(place: Place) -> None:
    vault = place.desk.ring
    with place.desk.tenant(place.tenant) as work:
        field_id = declare_field(work, declaration=METER)
        publish_notices(work, vault)
        before = newest(work, "N")
        assert before is not None
        first = before.number
        rename_field(work, field_id=field_id, label="Meter number", labels={"fi": "Mittari"})
        publish_notices(work, vault)
        after = newest(work, "N")
        assert after is not None
        assert (after.number, after.rules_changed) == (first + 1, False)
        rename_field(work, field_id=field_id, label="Meter number", labels={"fi": "Mittari "})
        publish_notices(work, vault)
        again = newest(work, "N")
        assert again is not None
        assert again.number == first + 1
