"""One-time codes: the window, the newest step, the unshifted clock."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from privacy.core import clock
from tenants.totp import codes
from tenants.totp.pictures import svg_data_uri

RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


@pytest.fixture
def shifted_clock() -> Iterator[timedelta]:
    shift = timedelta(days=31)
    clock.set_offset(shift)
    yield shift
    clock.set_offset(timedelta())


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_known_answers_of_rfc_6238(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert codes.matching_step(RFC_SECRET, code, at=at) == seconds // 30


@pytest.mark.attack(23)
@pytest.mark.parametrize(
    ("drift", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_one_step_of_drift_and_no_more(drift: int, accepted: bool) -> None:
    secret = codes.new_secret()
    code = pyotp.TOTP(secret).at(NOON + timedelta(seconds=30 * drift))
    found = codes.matching_step(secret, code, at=NOON)
    assert (found == codes.step_of(NOON) + drift) if accepted else (found is None)


@pytest.mark.attack(21)
def test_a_code_of_two_steps_consumes_the_newer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyotp.TOTP, "generate_otp", lambda _self, _step: "123456")
    assert codes.matching_step(RFC_SECRET, "123456", at=NOON) == codes.step_of(NOON) + 1


def test_spaces_in_a_typed_code_do_not_matter() -> None:
    code = pyotp.TOTP(RFC_SECRET).at(NOON)
    assert codes.matching_step(RFC_SECRET, f" {code[:3]} {code[3:]} ", at=NOON)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "\x00"])
def test_what_is_no_code_matches_nothing(code: str) -> None:
    assert codes.matching_step(RFC_SECRET, code, at=NOON) is None


@pytest.mark.attack(22)
def test_telephones_do_not_follow_the_development_clock(shifted_clock: timedelta) -> None:
    assert abs(codes.authenticator_time() + shifted_clock - clock.now()) < timedelta(seconds=1)


def test_the_picture_is_an_svg_of_our_own() -> None:
    uri = codes.provisioning_uri(codes.new_secret(), account="alice@example.com")
    assert uri.startswith("otpauth://totp/Silta:alice%40example.com?")
    assert svg_data_uri(uri).startswith("data:image/svg+xml")
