"""Five services, each with the facts of its policy: the first table of the promises, row by row."""

from datetime import date
from itertools import pairwise

import msgspec
import pytest

from connector.outbound.failures import NotDeclared
from connector.synced.shapes import SHAPES, RecordKind
from connector.syncs.recipients import recipients_of
from privacy.core.db.declarations import LegalBasis, Purpose, Retention, Subjects
from privacy.profiles import Profile, load_profiles, profile
from privacy.profiles.data import DataKind, Role
from privacy.profiles.parts import CookieCategory, Objection, Term, UnofficialChannel
from privacy.profiles.sharing import AuthorityReason, Ground

ALL = "NMTCV"
KEPT = {
    "A2": ("credentials", "NTV"),
    "A3": ("sessions", "NMT"),
    "A4": ("technical_logs", "CV"),
    "A5": ("customer_contacts", "NMT"),
    "A8": ("calls", "T"),
    "A9": ("registrations", "V"),
    "A10": ("inquiries", "CVM"),
    "A11": ("free_fields", "NMV"),
    "A14": ("identity_documents", "V"),
    "A15": ("subscriptions", "NMV"),
    "C6": ("objections", "NMT"),
    "C10": ("consents", "CV"),
}
"""Promise → the kind of data that keeps it, and the services that make it."""

ALONE = {"calls", "registrations", "identity_documents", "technical_logs", "unofficial_messages"}
"""Kinds that no service may have beyond those that promise them."""


def _kinds(key: str) -> list[DataKind]:
    return [one.kind(key) for one in load_profiles().values() if one.declares(key)]


def test_each_service_of_the_promises_has_its_profile() -> None:
    assert {one.key: (one.service, one.slug) for one in load_profiles().values()} == {
        "N": ("Netvisor Connector", "netvisor"),
        "M": ("Microsoft-Ready-Set", "microsoft"),
        "T": ("Moontalk Connector", "moontalk"),
        "C": ("Cloudvisor", "cloudvisor"),
        "V": ("Netversor", "netversor"),
    }


def test_controllers_are_those_of_the_policies() -> None:
    for key in "NMT":
        controller = profile(key).controller
        assert controller.name == "Pilvi Cloud Company Oy"
        assert controller.address == "Upseerinkatu 1, 02600 Espoo"
        assert controller.phone == "+358 9 31 581 088"
        assert (controller.contact, controller.country) == ("Register officer", "FI")
    assert [profile(key).controller.email for key in ALL] == [
        None,
        "contact@pilvi.com",
        "contact@pilvi.com",
        "contact@cloudvisor.com",
        "info@netversor.com",
    ]
    assert profile("C").controller.register_number == "559349-3769"
    assert [profile(key).controller.country for key in "CV"] == ["SE", "DE"]


@pytest.mark.promise("D3")
@pytest.mark.promise("D2")
def test_each_policy_has_its_date_and_a_review_to_come() -> None:
    dated = {key: profile(key).policy.dated for key in "NMT"}
    assert dated == {"N": date(2022, 1, 1), "M": date(2025, 11, 1), "T": date(2025, 9, 1)}
    changes = {key: profile(key).policy.changes for key in "NMTV"}
    assert changes == dict.fromkeys("NMT", "announced") | {"V": "on_publication"}
    accepted = {key: profile(key).policy.acceptance for key in "NMTV"}
    assert accepted == dict.fromkeys("NMT", "by_use") | {"V": "recorded"}


@pytest.mark.promise("A2")
@pytest.mark.promise("A4")
@pytest.mark.promise("A9")
@pytest.mark.promise("A10")
@pytest.mark.promise("A11")
@pytest.mark.promise("A15")
@pytest.mark.parametrize("promise", KEPT)
def test_what_is_kept_is_declared_by_who_promises_it(promise: str) -> None:
    key, services = KEPT[promise]
    having = {one.key for one in load_profiles().values() if one.declares(key)}
    assert set(services) <= having
    if key in ALONE:
        assert having == set(services)


@pytest.mark.promise("A1")
def test_each_kind_says_whose_it_is_and_who_answers_for_it() -> None:
    for kind in (kind for one in load_profiles().values() for kind in one.data):
        ours = kind.subjects is Subjects.CUSTOMERS
        assert kind.role is (Role.CONTROLLER if ours else Role.PROCESSOR)
    for key in "MT":
        assert {kind.subjects for kind in profile(key).data} == set(Subjects)


@pytest.mark.promise("A4")
def test_technical_logs_hold_what_each_text_names() -> None:
    assert profile("C").declared_fields("technical_logs") == {"ip_address", "user_agent"}
    more = {"language", "page", "visited_at"}
    assert profile("V").declared_fields("technical_logs") == {"ip_address", "user_agent"} | more


@pytest.mark.promise("A5")
def test_contact_data_grows_from_service_to_service() -> None:
    fields = [profile(key).declared_fields("customer_contacts") for key in "NTM"]
    assert fields[0] == {"contact_name", "contact_email"}
    assert all(fewer < more for fewer, more in pairwise(fields))
    assert {"vat_id", "company_register_number"} <= fields[2]


@pytest.mark.promise("A7")
def test_payers_are_kept_by_one_service_and_cards_by_none() -> None:
    having = {
        one.key
        for one in load_profiles().values()
        for kind in one.data
        if "payer" in kind.declared_fields
    }
    assert having == {"M"}
    assert not profile("V").declares("invoices")
    assert not profile("V").declares("payments")


@pytest.mark.promise("A9")
@pytest.mark.promise("A14")
def test_registrations_hold_what_the_text_lists() -> None:
    listed = {
        *("login", "first_name", "last_name", "patronymic", "birth_date", "place_of_residence"),
        *("region", "email", "organisation", "address", "postcode", "telephone", "other_entries"),
    }
    checked = {"check_method", "check_outcome"}
    assert profile("V").declared_fields("registrations") == listed | checked
    assert profile("V").kind("identity_documents").retention is Retention.DECISION


@pytest.mark.promise("A12")
@pytest.mark.parametrize("kind", [kind for kind in RecordKind if kind in SHAPES])
def test_what_is_synced_has_declared_fields_and_no_others(kind: RecordKind) -> None:
    read = {field.name for field in msgspec.structs.fields(SHAPES[kind])}
    for declared in _kinds(kind):
        assert declared.declared_fields <= read
        assert read - declared.declared_fields <= {"payer"}


@pytest.mark.promise("A13")
def test_purposes_and_bases_are_those_of_the_texts() -> None:
    for key in "MT":
        purposes = {purpose for kind in profile(key).data for purpose in kind.purposes}
        assert {Purpose.DELIVERY, Purpose.ADMINISTRATION, Purpose.DOCUMENTATION} <= purposes
        assert Purpose.QUALITY in purposes
    asked = profile("C").kind("inquiries")
    assert set(asked.purposes) == {Purpose.RESPONSE, Purpose.FUTURE}
    assert asked.basis is LegalBasis.LEGITIMATE_INTEREST
    told = {purpose for kind in profile("V").data for purpose in kind.purposes}
    named = {Purpose.IDENTIFICATION, Purpose.ACCOUNTS, Purpose.NOTICES, Purpose.COMPLAINTS}
    assert named | {Purpose.SECURITY} <= told


@pytest.mark.promise("B2")
def test_an_inquirer_of_cloudvisor_is_asked_after_two_years() -> None:
    kind = profile("C").kind("inquiries")
    assert (kind.days, kind.at_the_end) == (730, "asked")
    assert all(kind.at_the_end == "erased" for kind in profile("V").data)


@pytest.mark.promise("B3")
def test_books_are_kept_as_the_law_says_where_the_text_says_so() -> None:
    held = {
        one.key
        for one in load_profiles().values()
        for kind in one.data
        if kind.retention is Retention.FINANCIAL
    }
    assert held == set("CM")


@pytest.mark.promise("C6")
def test_five_objections_are_open_where_they_are_promised() -> None:
    for key in "NMT":
        assert set(profile(key).marketing.objections) == set(Objection)
        assert len(profile(key).marketing.objection_channels) == 4


@pytest.mark.promise("C10")
def test_marketing_is_absent_or_waits_for_consent() -> None:
    assert profile("C").no_marketing
    assert profile("V").marketing.stance == "consent"
    mail = {one.key: one.marketing.email for one in load_profiles().values()}
    assert mail == dict.fromkeys("NMTV", "consent") | {"C": "none"}


@pytest.mark.promise("D1")
def test_a_registration_needs_terms_and_age() -> None:
    wanted = profile("V").registration
    assert wanted is not None
    assert (set(wanted.terms), wanted.minimum_age) == (set(Term), 18)
    assert wanted.legal_capacity
    assert all(profile(key).registration is None for key in "NMTC")


@pytest.mark.promise("D4")
@pytest.mark.promise("D5")
def test_cookies_are_none_or_by_category() -> None:
    assert profile("C").cookie_policy.stance == "none"
    assert not profile("C").cookies
    assert not profile("C").cookie_policy.analytics
    asked = set(profile("V").cookie_policy.categories)
    assert asked == set(CookieCategory) - {CookieCategory.ESSENTIAL}


@pytest.mark.promise("D6")
def test_unofficial_channels_are_declared_with_an_end() -> None:
    unofficial = profile("V").unofficial
    assert unofficial is not None
    assert set(unofficial.channels) == set(UnofficialChannel)
    kind = profile("V").kind("unofficial_messages")
    assert (kind.days, kind.basis) == (unofficial.days, LegalBasis.CONSENT)


@pytest.mark.promise("E1")
@pytest.mark.promise("E4")
def test_processors_are_inside_and_stand_on_a_valid_footing() -> None:
    assert {one.name.split()[0] for one in profile("C").processors} == {"Microsoft", "Oderland"}
    for one in load_profiles().values():
        for processor in one.processors:
            assert processor.footing == "eu_eea"
            assert processor.fields
            assert processor.statement_url.startswith("https://")
    assert [profile(key).region for key in "CV"] == ["eu", "germany"]


@pytest.mark.promise("E2")
def test_hosts_that_may_be_asked_are_declared() -> None:
    asked = {one.key: {recipient.host for recipient in one.recipients} for one in _all()}
    login, graph = "login.microsoftonline.com", "graph.microsoft.com"
    assert asked == {
        "N": {"integration.netvisor.fi", "isvapi.netvisor.fi"},
        "M": {
            login,
            graph,
            "api.partnercenter.microsoft.com",
            "3psostorageacct.blob.core.windows.net",
            "www.microsoft.com",
        },
        "T": {login, graph},
        "C": set(),
        "V": set(),
    }
    allowed = recipients_of(profile("N"), (), loopback=False)
    assert allowed.check("https://Integration.netvisor.fi/").host
    for other in ("https://integration.netvisor.fi:8443/", f"https://{graph}/"):
        with pytest.raises(NotDeclared):
            allowed.check(other)
    assert {one.key for one in _all() if one.tenant_may_name("source")} == {"T"}


@pytest.mark.promise("E3")
def test_grounds_of_disclosure_are_those_of_the_texts() -> None:
    grounds = {one.key: set(one.disclosures.grounds) for one in _all()}
    assert grounds == {
        "N": set(),
        "T": set(),
        "M": {Ground.CONSENT, Ground.AGREEMENT},
        "C": {Ground.AUTHORITY},
        "V": {Ground.COURT, Ground.REGISTRY},
    }
    assert set(profile("C").disclosures.authority_reasons) == set(AuthorityReason)
    published = set(profile("V").disclosures.registry_fields)
    assert {"organisation", "address", "postcode", "telephone", "email"} <= published
    assert "birth_date" not in published


@pytest.mark.promise("F3")
@pytest.mark.promise("F6")
def test_second_factors_and_clocks() -> None:
    assert {one.key for one in _all() if one.mfa == "mandatory"} == {"C"}
    assert {one.key: one.breaches.users_hours for one in _all() if one.breaches.users_hours} == {
        "V": 24
    }
    assert {one.breaches.authority_hours for one in _all()} == {72}


def _all() -> list[Profile]:
    return list(load_profiles().values())
