"""Registers are added to and read; nobody changes what was said, and nobody else reads it."""

import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from privacy.consents.find import list_consents, view_consent
from privacy.consents.purposes import ConsentPurpose, askable
from privacy.consents.shapes import ConsentAct, ConsentChannel, Wording
from privacy.consents.withdraw import withdraw_consent
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid, NotFound
from privacy.identities.people import Person
from privacy.identities.shapes import Identity
from privacy.objections.end import end_objection
from privacy.objections.find import list_objections, view_objection
from privacy.profiles import profile
from privacy.profiles.parts import Objection, ObjectionChannel
from tests.database.registers.people import ADDRESS, NUMBER, ROBIN, WORDS, agree, object_to
from tests.tenancies import House

VISITOR = Person(visitor="dGhpcyBpcyBhIHJhbmRvbSBpZA")


@pytest.mark.promise("C10")
@pytest.mark.promise("D6")
def test_a_consent_is_kept_with_words_proof_and_history(house: House) -> None:
    alice = house.alice
    with alice.work() as work:
        made = agree(work, alice, purpose=ConsentPurpose.CONTACT_SKYPE)
        withdraw_consent(
            work, alice.vault, consent_id=made, channel=ConsentChannel.CHAT, evidence="chat 9"
        )
    with alice.work() as work:
        view = view_consent(work, alice.vault, consent_id=made)
    assert (view.person, view.wording, view.service) == (ROBIN, WORDS, "V")
    assert [event.act for event in view.events] == [ConsentAct.GIVEN, ConsentAct.WITHDRAWN]
    assert [event.evidence for event in view.events] == ["form 7, entry 12", "chat 9"]
    assert not view.standing
    assert len(view.digest) == 64


@pytest.mark.promise("D4")
def test_a_visitor_s_choice_is_a_consent_by_category(house: House) -> None:
    alice = house.alice
    with alice.work() as work:
        agree(work, alice, purpose=ConsentPurpose.COOKIES_ANALYTICS, person=VISITOR)
        who = Identity.visitor(VISITOR.visitor)
        (found,) = list_consents(work, alice.vault, who=who)
    assert found.purpose is ConsentPurpose.COOKIES_ANALYTICS
    assert found.standing


@pytest.mark.promise("D5")
@pytest.mark.promise("D6")
@pytest.mark.promise("C10")
def test_nobody_is_asked_what_the_service_never_does() -> None:
    asked = {key: askable(profile(key)) for key in "NMTCV"}
    assert asked["C"] == {ConsentPurpose.LONGER_CONTACT}
    assert {key for key in asked if ConsentPurpose.CONTACT_SKYPE in asked[key]} == {"V"}
    assert {key for key in asked if ConsentPurpose.COOKIES_ADVERTISING in asked[key]} == {"V"}
    assert {key for key in asked if ConsentPurpose.DISCLOSURE in asked[key]} == {"M"}


def test_the_same_words_are_kept_once(house: House) -> None:
    alice = house.alice
    with alice.work() as work:
        agree(work, alice)
        agree(work, alice)
        agree(work, alice, wording=Wording(WORDS.text, "en", "2026-2"))
    assert len(list(house.rows("SELECT 1 FROM consent_wordings"))) == 2


@pytest.mark.parametrize(
    "wording",
    [
        Wording("", "en", "1"),
        Wording("x" * 4001, "en", "1"),
        Wording("Yes", "english language", "1"),
        Wording("Yes", "en", "version 1"),
        Wording("Yes\0", "en", "1"),
    ],
)
def test_words_language_and_version_are_wanted(house: House, wording: Wording) -> None:
    with house.alice.work() as work, pytest.raises(Invalid):
        agree(work, house.alice, wording=wording)


@pytest.mark.promise("C6")
def test_an_objection_says_how_when_and_who(house: House) -> None:
    alice = house.alice
    with alice.work() as work:
        made = object_to(work, alice, Objection.TELEMARKETING, Objection.DIRECT_MARKETING)
        found = list_objections(work, alice.vault, who=Identity.phone(NUMBER))
        assert {view.id for view in found} == set(made)
        assert list_objections(work, alice.vault, who=Identity.email("else@example.com")) == []
        end_objection(work, objection_id=made[0], channel=ObjectionChannel.LETTER)
    with alice.work() as work:
        ended = view_objection(work, alice.vault, objection_id=made[0])
        page = list_objections(work, alice.vault, before=made[1], limit=1)
    assert (ended.channel, ended.ended_channel) == ("telephone", "letter")
    assert ended.person == ROBIN
    assert not ended.standing
    assert [view.id for view in page] == [made[0]]


NOBODYS: list[Callable[[UnitOfWork, House, uuid.UUID], object]] = [
    lambda work, house, one: view_consent(work, house.charlie.vault, consent_id=one),
    lambda work, house, one: view_objection(work, house.charlie.vault, objection_id=one),
    lambda work, _, one: end_objection(work, objection_id=one, channel=ObjectionChannel.FORM),
    lambda work, house, one: withdraw_consent(
        work, house.charlie.vault, consent_id=one, channel=ConsentChannel.FORM
    ),
]


@pytest.mark.attack(34)
def test_another_tenant_finds_nothing(house: House) -> None:
    with house.alice.work() as work:
        ids = [agree(work, house.alice), *object_to(work, house.alice, Objection.TELEMARKETING)]
    with house.charlie.work() as work:
        assert list_consents(work, house.charlie.vault, who=Identity.email(ADDRESS)) == []
        assert list_objections(work, house.charlie.vault) == []
        for one in ids:
            for ask in NOBODYS:
                with pytest.raises(NotFound):
                    ask(work, house, one)


def test_tokens_of_two_tenants_are_unrelated_and_nothing_is_in_the_clear(house: House) -> None:
    for tenancy in (house.alice, house.charlie):
        with tenancy.work() as work:
            agree(work, tenancy)
            object_to(work, tenancy, Objection.TELEMARKETING)
    tokens = [row[0] for row in house.rows("SELECT DISTINCT token FROM suppressions")]
    assert len(tokens) == 4
    for table in ("consents", "consent_tokens", "consent_events", "objections", "suppressions"):
        said = str([row[0] for row in house.rows(f"SELECT t::text FROM {table} t")])
        for word in (ADDRESS, NUMBER, "Robin", ADDRESS.encode().hex(), NUMBER.encode().hex()):
            assert word not in said


@pytest.mark.promise("C10")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE consents SET purpose = 'telemarketing'",
        "UPDATE consent_events SET at = now()",
        "UPDATE consent_wordings SET text = 'other words'",
        "DELETE FROM consent_wordings",
        "UPDATE objections SET objection = 'opinion_polls'",
        "UPDATE suppressions SET objection = 'opinion_polls'",
    ],
)
def test_what_was_said_cannot_be_changed_by_the_application(house: House, statement: str) -> None:
    with house.alice.work() as work:
        agree(work, house.alice)
    with pytest.raises(ProgrammingError, match="permission denied"), house.alice.work() as work:
        work.connection.execute(text(statement))


def test_the_ledger_says_what_happened_and_of_nobody(house: House) -> None:
    with house.alice.work() as work:
        agree(work, house.alice)
        object_to(work, house.alice, Objection.TELEMARKETING)
    said = str(list(house.rows("SELECT event, facts FROM ledger_events ORDER BY at")))
    assert "registers:consent:given" in said
    assert "registers:objection:recorded" in said
    for word in (ADDRESS, NUMBER, "Robin"):
        assert word not in said


@pytest.mark.parametrize(
    "person", [Person(), Person(name="Robin"), Person(email="no"), Person(email="a b@example.com"),
               Person(phone="+1 202"), Person(phone="1"), Person(visitor="short")]
)  # fmt: skip
def test_somebody_must_be_named(house: House, person: Person) -> None:
    with house.alice.work() as work, pytest.raises(Invalid):
        agree(work, house.alice, person=person)
