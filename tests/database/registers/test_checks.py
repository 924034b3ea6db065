"""May I send this? Never against an objection, mail only with consent, codes always."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from privacy.consents.shapes import ConsentChannel
from privacy.consents.withdraw import withdraw_consent
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.identities.people import Person
from privacy.identities.shapes import Identity
from privacy.identities.tokens import tokens_of
from privacy.objections.end import end_objection
from privacy.objections.forget import forget_objections
from privacy.profiles.parts import Objection, ObjectionChannel
from privacy.suppressions.check import may_send_many
from privacy.suppressions.numbers import not_to_call
from privacy.suppressions.purposes import ALWAYS, Sending
from privacy.suppressions.unsubscribe import unsubscribe
from privacy.suppressions.verdicts import Reason
from tests.database.registers.people import ADDRESS, NUMBER, ROBIN, agree, object_to, verdict
from tests.tenancies import House


def forget_consents(work: UnitOfWork) -> None:
    """Consents go, as when their evidence is old; with them their events and tokens."""
    statement = text("DELETE FROM consents WHERE tenant_id = :tenant")
    assert work.connection.execute(statement, {"tenant": work.tenant_id}).rowcount == 1


@pytest.mark.promise("C10")
def test_marketing_mail_goes_with_consent_only(house: House) -> None:
    alice = house.alice
    assert verdict(alice, Sending.DIRECT_MARKETING, email=ADDRESS) == (False, Reason.NO_CONSENT)
    with alice.work() as work:
        consent = agree(work, alice)
    yes = (True, Reason.CONSENTED)
    assert verdict(alice, Sending.DIRECT_MARKETING, email=" Robin@Example.com ") == yes
    assert verdict(alice, Sending.MARKET_RESEARCH, email=ADDRESS) == (False, Reason.NO_CONSENT)
    said = verdict(alice, Sending.DIRECT_MARKETING, email=ADDRESS, services=("M",))
    assert said == (False, Reason.NO_CONSENT), "another service was not agreed to"
    with alice.work() as work:
        channel = ConsentChannel.MAIL
        withdraw_consent(work, alice.vault, consent_id=consent, channel=channel)
    assert verdict(alice, Sending.DIRECT_MARKETING, email=ADDRESS) == (False, Reason.WITHDRAWN)
    with alice.work() as work:
        agree(work, alice)
    assert verdict(alice, Sending.DIRECT_MARKETING, email=ADDRESS) == yes


@pytest.mark.promise("C10")
def test_where_the_profile_says_none_no_consent_helps(house: House) -> None:
    alice = house.alice
    with alice.work() as work:
        agree(work, alice, service="V")
        with pytest.raises(Invalid):
            agree(work, alice, service="C")
    for purpose in set(Sending) - ALWAYS - {Sending.FUTURE_COMMUNICATION}:
        for services in (("C",), ("C", "V")):
            said = verdict(alice, purpose, number=NUMBER, services=services)
            assert said == (False, Reason.NO_MARKETING)


@pytest.mark.promise("C6")
@pytest.mark.parametrize("objection", list(Objection))
def test_each_objection_stops_its_own_purpose_and_no_other(
    house: House, objection: Objection
) -> None:
    alice, purposes = house.alice, [Sending(one) for one in Objection]
    for purpose in purposes:
        said = verdict(alice, purpose, number=NUMBER, services=("T",))
        assert said[0] is (purpose is not Sending.DIRECT_MARKETING)
    with alice.work() as work:
        (entry,) = object_to(work, alice, objection)
    for purpose in purposes:
        said = verdict(alice, purpose, number=NUMBER, services=("T",))
        assert (said[1] is Reason.OBJECTED) is (purpose is Sending(objection))
    with alice.work() as work:
        end_objection(work, objection_id=entry, channel=ObjectionChannel.LETTER)
    assert verdict(alice, Sending(objection), number=NUMBER, services=("T",))[1] in {
        Reason.NOT_OBJECTED,
        Reason.NO_CONSENT,
    }


@pytest.mark.promise("C6")
def test_an_objection_outweighs_a_consent(house: House) -> None:
    alice = house.alice
    with alice.work() as work:
        object_to(work, alice, Objection.DIRECT_MARKETING)
        agree(work, alice)
    assert verdict(alice, Sending.DIRECT_MARKETING, email=ADDRESS) == (False, Reason.OBJECTED)
    assert verdict(
        alice, Sending.FUTURE_COMMUNICATION, email=ADDRESS, services=("C",)
    ) == (False, Reason.OBJECTED)  # fmt: skip


def test_codes_and_service_messages_always_go(house: House) -> None:
    alice = house.alice
    with alice.work() as work:
        object_to(work, alice, *Objection)
    for purpose in ALWAYS:
        for services in (("C",), ("T",), ("V",), ()):
            said = verdict(alice, purpose, email=ADDRESS, services=services)
            assert said == (True, Reason.ALWAYS)


@pytest.mark.promise("A13")
def test_future_communication_is_for_whom_it_is_declared(house: House) -> None:
    purpose = Sending.FUTURE_COMMUNICATION
    assert verdict(house.alice, purpose, email=ADDRESS, services=("C",))[0]
    said = verdict(house.alice, purpose, email=ADDRESS, services=("V",))
    assert said == (False, Reason.NOT_DECLARED)
    with house.alice.work() as work, pytest.raises(Invalid):
        may_send_many(
            work,
            house.alice.vault,
            purpose=Sending.TELEMARKETING,
            to=[Identity.email(ADDRESS)],
            services=["T"],
        )


@pytest.mark.promise("C6")
def test_a_suppression_outlives_the_erasure_and_names_nobody(house: House) -> None:
    alice = house.alice
    with alice.work() as work:
        object_to(work, alice, Objection.TELEMARKETING)
        agree(work, alice)
    with alice.work() as work:
        tokens = tokens_of(work, alice.vault, ROBIN.identities)
        assert forget_objections(work, tokens=tokens) == 1
        forget_consents(work)
    left = {
        table: len(list(house.rows(f"SELECT 1 FROM {table}")))
        for table in (
            "objections",
            "objection_tokens",
            "consents",
            "consent_events",
            "suppressions",
        )
    }
    assert left == dict.fromkeys(left, 0) | {"suppressions": 2}
    said = verdict(alice, Sending.TELEMARKETING, number=NUMBER, services=("T",))
    assert said == (False, Reason.OBJECTED)


def test_a_second_objection_keeps_standing_when_the_first_ends(house: House) -> None:
    alice, by_number = house.alice, Person(phone=NUMBER)
    with alice.work() as work:
        (first,) = object_to(work, alice, Objection.TELEMARKETING)
        (second,) = object_to(work, alice, Objection.TELEMARKETING, person=by_number)
    for entry, allowed in ((first, False), (second, True)):
        with alice.work() as work:
            end_objection(work, objection_id=entry, channel=ObjectionChannel.MAIL)
            end_objection(work, objection_id=entry, channel=ObjectionChannel.MAIL)
        said = verdict(alice, Sending.TELEMARKETING, number=NUMBER, services=("T",))
        assert said[0] is allowed


def test_one_click_is_enough(house: House) -> None:
    alice = house.alice
    with alice.work() as work:
        agree(work, alice)
        for _ in range(2):
            unsubscribe(work, alice.vault, who=Identity.email(ADDRESS))
    said = verdict(alice, Sending.DIRECT_MARKETING, email=ADDRESS)
    assert said == (False, Reason.UNSUBSCRIBED)


def test_the_latest_word_counts_whenever_it_was_recorded(house: House) -> None:
    alice = house.alice
    with alice.work() as work:
        now = work.now
        newer = agree(work, alice, at=now - timedelta(days=1))
        withdraw_consent(
            work,
            alice.vault,
            consent_id=newer,
            channel=ConsentChannel.FORM,
            at=now - timedelta(hours=1),
        )
        agree(work, alice, at=now - timedelta(days=9))
    assert verdict(alice, Sending.DIRECT_MARKETING, email=ADDRESS) == (False, Reason.WITHDRAWN)
    with alice.work() as work, pytest.raises(Invalid):
        agree(work, alice, at=now + timedelta(hours=1))


@pytest.mark.promise("C6")
@pytest.mark.promise("C10")
def test_an_older_consent_that_comes_late_brings_nobody_back(house: House) -> None:
    alice = house.alice
    with alice.work() as work:
        consent_id = agree(work, alice)
    with alice.work() as work:
        withdraw_consent(work, alice.vault, consent_id=consent_id, channel=ConsentChannel.LETTER)
        forget_consents(work)
    with alice.work() as work:
        agree(work, alice, at=work.now - timedelta(days=400))
    assert verdict(alice, Sending.DIRECT_MARKETING, email=ADDRESS) == (False, Reason.WITHDRAWN)
    with alice.work() as work:
        agree(work, alice)
    assert verdict(alice, Sending.DIRECT_MARKETING, email=ADDRESS) == (True, Reason.CONSENTED)


def test_a_page_of_numbers_is_looked_up_at_once(house: House) -> None:
    alice = house.alice
    with alice.work() as work:
        object_to(work, alice, Objection.TELEMARKETING, Objection.OPINION_POLLS)
    numbers = [f"+1202555{n:04}" for n in range(100, 200)]
    with alice.work() as work:
        found = not_to_call(work, alice.vault, [*numbers, "", "x", "anonymous", "a b"])
    assert found == {NUMBER: [Objection.OPINION_POLLS, Objection.TELEMARKETING]}
    with house.charlie.work() as work:
        assert not_to_call(work, house.charlie.vault, numbers) == {}


def test_a_thousand_addresses_take_two_queries(house: House) -> None:
    alice = house.alice
    with alice.work() as work:
        agree(work, alice)
        to = [Identity.email(f"person{n}@example.com") for n in range(999)]
        tokens_of(work, alice.vault, to[:1])
        before = work.connection.execute(text("SELECT now()")).scalar()
        said = may_send_many(
            work,
            alice.vault,
            purpose=Sending.DIRECT_MARKETING,
            to=[*to, Identity.email(ADDRESS)],
            services=["V"],
        )
    assert before is not None
    assert [one.allowed for one in said] == [False] * 999 + [True]
