"""Publish, tell apart, announce, decide: one walk through the life of a tenant's notices."""

import hashlib

import pytest
from sqlalchemy import text

from connector.free_fields.declare import Declaration, declare_field, end_field
from connector.free_fields.kinds import About, FieldType
from connector.notices.announce import announce_notice
from connector.notices.derive import derive_profile
from connector.notices.publish import publish_notices, rules_of
from privacy.acceptances.decide import AnotherVersion, decide_policy
from privacy.acceptances.pending import pending_decisions
from privacy.core.db.declarations import LegalBasis, Purpose
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM
from privacy.core.errors import Invalid, NotFound
from privacy.mails.kinds import MailKind
from privacy.notices.models import TEXTS
from privacy.notices.read import current_label, current_notice, list_notices, notice_of
from privacy.profiles import profile
from privacy.profiles.changes import Changes
from privacy.profiles.strict import Laxer
from tenants.tenants.change import shorten_retention
from tenants.tenants.profiles import profile_of
from tests.database.notices.conftest import Place


def _pending(place: Place) -> set[tuple[str, int]]:
    with place.desk.tenant(place.tenant) as work:
        return {(row.service, row.number) for row in pending_decisions(work, rules_of(work))}


def _announced(place: Place) -> int:
    with place.installation.superuser().connect() as connection:
        counted = connection.execute(
            text("SELECT count(*) FROM outbox_jobs WHERE name = 'notice.announce'")
        )
        return int(counted.scalar_one())


@pytest.mark.promise("D2")
@pytest.mark.promise("D3")
def test_the_life_of_a_notice(place: Place) -> None:
    desk, vault = place.desk, place.desk.ring
    with desk.tenant(place.tenant) as work:
        rules = profile_of(work, "T")
        before = current_notice(work, vault, rules=rules, organisation="Fjord Oy")
        assert before.head.published_at is None
        assert current_label(work, "T", rules.policy.dated) == "T-2025-09-01"
        first = publish_notices(work, vault)
    assert {key: one.number for key, one in first.items()} == dict.fromkeys("CMNTV", 1)
    assert all(one.new for one in first.values())
    with desk.tenant(place.tenant) as work:
        again = publish_notices(work, vault)
        kept = current_notice(work, vault, rules=rules, organisation="Fjord Oy")
    assert not any(one.new for one in again.values())
    assert kept.head.digest == before.head.digest
    assert kept.texts == before.texts
    with desk.tenant(place.tenant) as work:
        row = work.connection.execute(
            text("SELECT id, profile, texts_sealed, digest FROM notices WHERE service = 'T'")
        ).one()
        texts = TEXTS.open(work, vault, row.id, bytes(row.texts_sealed))
    assert b"Fjord Oy" in texts, "the organisation's name"
    assert b"Fjord Oy" not in b"".join(str(one).encode() for one in row), "is sealed"
    parts = [row.profile.encode(), texts]
    whole = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    assert hashlib.sha256(whole).digest() == bytes(row.digest), "as docs/auditors says"
    assert _pending(place) == {(key, 1) for key in "MNTV"}, "C asks nobody"
    assert _announced(place) == 0, "a first version is no change"

    with desk.tenant(place.tenant) as work:
        for key in "MNTV":
            decide_policy(work, service=key, number=1, decision="accepted")
    assert _pending(place) == set()

    with desk.tenant(place.tenant) as work:
        changes = Changes(days={"calls": 7}, without_recipients=("graph.microsoft.com",))
        derived = derive_profile(work, vault, service="T", changes=changes)
    assert (derived.number, derived.rules_changed) == (2, True)
    assert _pending(place) == {("T", 2)}
    assert _announced(place) == 1

    with desk.tenant(place.tenant) as work:
        rules = profile_of(work, "T")
        heads = list_notices(work, rules=rules, organisation="Fjord Oy")
        second = current_notice(work, vault, rules=rules, organisation="Fjord Oy")
        older = notice_of(work, vault, rules=rules, organisation="Fjord Oy", number=1)
        with pytest.raises(AnotherVersion):
            decide_policy(work, service="T", number=1, decision="accepted")
        with pytest.raises(NotFound):
            notice_of(work, vault, rules=rules, organisation="Fjord Oy", number=3)
    assert [one.number for one in heads] == [2, 1]
    assert older.texts == kept.texts, "what was published stays as it was"
    assert "7 päivää, puhelun päivä" in second.texts["fi"].text()
    assert "graph.microsoft.com" not in second.texts["en"].text()
    assert any("30 Tage" in line and "7 Tage" in line for line in second.differences["de"])
    assert second.head.label == f"T-{second.head.dated}-v2"

    count = announce_notice(desk, tenant_id=place.tenant, actor=SYSTEM, service="T", number=2)
    told = place.mailbox.last(MailKind.NOTICE_CHANGED)
    assert count == 1
    assert told.to == "alice@example.com"
    assert "30 days" in told.values["text"]
    assert told.values["service"] == "Moontalk Connector"

    with desk.tenant(place.tenant) as work:
        decide_policy(work, service="T", number=2, decision="declined")
        events = list(
            work.session.scalars(
                text("SELECT event FROM ledger_events WHERE event LIKE 'console:policy:%'")
            )
        )
    assert _pending(place) == set()
    assert sorted(events) == ["console:policy:accepted"] * 4 + ["console:policy:declined"]


@pytest.mark.promise("D3")
def test_netversor_s_changes_count_from_publication_and_are_mailed_to_nobody(place: Place) -> None:
    with place.desk.tenant(place.tenant) as work:
        publish_notices(work, place.desk.ring)
        derive_profile(work, place.desk.ring, service="V", changes=Changes(users_hours=12))
    assert _announced(place) == 0
    assert ("V", 2) in _pending(place), "and still everybody is asked"


def test_what_is_laxer_changes_nothing(place: Place) -> None:
    vault = place.desk.ring
    with pytest.raises(Laxer), place.desk.tenant(place.tenant) as work:
        derive_profile(work, vault, service="T", changes=Changes(days={"calls": 31}))
    with pytest.raises(Invalid), place.desk.tenant(place.tenant) as work:
        derive_profile(work, vault, service="X", changes=Changes())
    with place.desk.tenant(place.tenant) as work:
        assert profile_of(work, "T") == profile("T")


@pytest.mark.promise("F3")
def test_settings_and_profile_are_one(place: Place) -> None:
    """Days of calls and the second factor stand in one place, whichever page sets them."""
    vault = place.desk.ring
    with place.desk.tenant(place.tenant) as work:
        shorten_retention(work, days=10, longest=30)
        assert profile_of(work, "T").retention_days("calls") == 10
        derive_profile(work, vault, service="T", changes=Changes(mfa="mandatory"))
        rules = {one.key: one for one in rules_of(work)}
    assert rules["T"].retention_days("calls") == 30, "a profile is derived as a whole"
    assert {one.mfa for one in rules.values()} == {"mandatory"}


def test_the_services_themselves_have_notices_without_an_organisation(place: Place) -> None:
    with place.desk.tenant(INSTALLATION_ID) as work:
        published = publish_notices(work, place.desk.ring)
        view = current_notice(work, place.desk.ring, rules=profile("N"), organisation="")
    assert set(published) == set("CMNTV")
    assert "Pilvi Cloud Company Oy handles personal data" in view.texts["en"].lead


@pytest.mark.promise("A11")
@pytest.mark.promise("A13")
def test_declared_fields_stand_in_the_notices_of_the_services_that_know_them(
    place: Place,
) -> None:
    desk, vault = place.desk, place.desk.ring
    with desk.tenant(place.tenant) as work:
        publish_notices(work, vault)
        ids = [
            declare_field(
                work,
                declaration=Declaration(
                    *(about, f"size{n}", f"Size {n}", FieldType.TEXT, purpose),
                    LegalBasis.CONSENT,
                    days=days,
                ),
            )
            for n, (about, purpose, days) in enumerate(
                [
                    (About.INQUIRY, Purpose.COMPLAINTS, 45),
                    (About.REGISTRATION, Purpose.NOTICES, None),
                    (About.CONTACT, Purpose.FUTURE, 730),
                ]
            )
        ]
        after = publish_notices(work, vault)
        assert {key for key, one in after.items() if one.new} == {"M", "N", "V"}
        assert all(one.rules_changed for key, one in after.items() if one.new)
        rules = {one.key: one for one in rules_of(work)}
        said = {
            key: current_notice(work, vault, rules=rules[key], organisation="Fjord Oy").texts
            for key in "CNV"
        }
        for language, words in (
            ("en", "45 days from when it was entered"),
            ("fi", "45 päivää tiedon antamisesta"),
            ("sv", "45 dagar från det att"),
            ("de", "45 Tage ab der Eingabe"),
        ):
            text_of = said["V"][language].text()
            assert words in text_of
            assert "Size 0" in text_of
            assert "Size 1" in text_of
            assert "Size 2" not in text_of
            assert "Size 2" in said["N"][language].text()
            assert "Size" not in said["C"][language].text()
        for field_id in ids:
            end_field(work, field_id=field_id)
        assert publish_notices(work, vault)["V"].new
