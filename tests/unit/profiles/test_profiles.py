"""The Moontalk profile says what the service does, and nothing that it does not."""

import dataclasses
from importlib.resources import files

import msgspec
import pytest
from fideslang.default_taxonomy import DEFAULT_TAXONOMY
from pydantic import ValidationError

from connector.calls.shapes import CallRecord, IncomingCall
from privacy.core.db.declarations import Subjects
from privacy.core.errors import Invalid, Misconfigured
from privacy.profiles import load_profiles, profile
from privacy.profiles.data import OPEN_ENDED
from privacy.profiles.load import parse_profile
from privacy.profiles.parts import Facts
from privacy.profiles.retention import check_choice, effective_retention

MOONTALK = files("privacy.profiles").joinpath("moontalk.toml").read_text()


@pytest.mark.promise("B1")
def test_calls_and_sessions_are_kept_for_thirty_days() -> None:
    assert profile("T").retention_days("calls") == 30
    assert profile("T").retention_days("sessions") == 30


@pytest.mark.promise("A8")
@pytest.mark.promise("A12")
def test_the_declared_fields_of_a_call_are_the_ones_that_are_taken_and_kept() -> None:
    declared = profile("T").declared_fields("calls")
    taken = {field.name for field in msgspec.structs.fields(IncomingCall)}
    kept = {field.name for field in msgspec.structs.fields(CallRecord)}
    assert declared == taken
    assert kept <= declared
    assert not profile("T").source_documents


@pytest.mark.promise("A3")
def test_a_usage_record_names_no_user() -> None:
    assert not profile("T").kind("sessions").names_user
    forged = MOONTALK.replace('"session_digest", category = "user.device.cookie_id"',
                              '"user_id", category = "user.unique_id"')  # fmt: skip
    with pytest.raises(Misconfigured, match="names no user"):
        parse_profile(forged, source="forged.toml")


@pytest.mark.promise("A1")
@pytest.mark.promise("A13")
def test_every_kind_says_whose_why_and_how_long() -> None:
    moontalk = profile("T")
    groups = {kind.subjects for kind in moontalk.data}
    assert groups == set(Subjects)
    for kind in moontalk.data:
        assert kind.purposes
        assert kind.basis
        assert kind.sources
        assert kind.days or kind.retention in OPEN_ENDED


def test_categories_are_those_of_the_taxonomy() -> None:
    known = {category.fides_key for category in DEFAULT_TAXONOMY.data_category}
    for one in load_profiles().values():
        used = {field.category for kind in one.data for field in kind.fields}
        assert used <= known


@pytest.mark.promise("C6")
def test_five_objections_are_open_over_every_channel() -> None:
    marketing = profile("T").marketing
    assert len(set(marketing.objections)) == 5
    assert set(marketing.objection_channels) == {"letter", "email", "form", "telephone"}


def test_a_profile_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        profile("T").mfa = "mandatory"  # type: ignore[misc]
    with pytest.raises(TypeError):
        load_profiles()["X"] = profile("T")  # type: ignore[index]
    assert issubclass(type(profile("T")), Facts)
    assert not dataclasses.is_dataclass(profile("T"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('mfa = "optional"', 'mfa = "never"', "mfa"),
        ('mfa = "optional"', 'mfa = "optional"\nsecret = 1', "secret"),
        ("[breaches]\nauthority_hours = 72", "", "breaches"),
        ("authority_hours = 72", "authority_hours = 73", "authority_hours"),
        ("days = 30", "days = 0", "days"),
        ('key = "sessions"', 'key = "calls"', "twice"),
        ('name = "called"', 'name = "caller"', "twice"),
        ('"given_by_customer"]', '"public_source"]', "public source"),
        ("next_review = 2027-09-01", "next_review = 2025-09-01", "review"),
        ('key = "T"', 'key = T"', "moontalk.toml"),
    ],
)
def test_an_incomplete_profile_is_refused_in_one_line(old: str, new: str, said: str) -> None:
    assert old in MOONTALK
    with pytest.raises(Misconfigured) as caught:
        parse_profile(MOONTALK.replace(old, new), source="moontalk.toml")
    assert said in caught.value.message
    assert "\n" not in caught.value.message


def test_what_is_not_declared_is_not_there() -> None:
    with pytest.raises(Misconfigured):
        profile("X")
    with pytest.raises(Misconfigured):
        profile("T").kind("payments")
    with pytest.raises(Misconfigured):
        profile("T").retention_days("customer_contacts")


@pytest.mark.promise("B1")
@pytest.mark.parametrize(
    ("promised", "chosen", "days"), [(30, None, 30), (30, 7, 7), (30, 90, 30), (30, 0, 1)]
)
def test_a_tenant_shortens_and_never_lengthens(
    promised: int, chosen: int | None, days: int
) -> None:
    assert effective_retention(promised, chosen) == days


def test_a_choice_is_checked() -> None:
    assert check_choice(30, None) is None
    assert check_choice(30, 1) == 1
    for days in (0, 31, -1):
        with pytest.raises(Invalid):
            check_choice(30, days)
