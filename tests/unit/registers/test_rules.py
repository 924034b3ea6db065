"""What profiles alone decide, and how a person is spelled."""

import pytest

from privacy.consents.purposes import COOKIES, MARKETING, UNOFFICIAL, ConsentPurpose
from privacy.core.errors import Invalid
from privacy.identities.shapes import Identity, Way
from privacy.profiles import profile
from privacy.profiles.parts import Objection
from privacy.suppressions.purposes import ALWAYS, OBJECTED, Sending
from privacy.suppressions.rules import needs_consent, ruled


@pytest.mark.promise("A13")
def test_every_purpose_is_always_allowed_or_can_be_objected_to() -> None:
    assert set(Sending) == ALWAYS | set(OBJECTED)
    assert set(OBJECTED.values()) == set(Objection)
    assert {*MARKETING, *COOKIES, *UNOFFICIAL} < set(ConsentPurpose)


@pytest.mark.promise("C10")
def test_marketing_by_mail_needs_consent_and_calls_where_the_profile_says_so() -> None:
    calls = {key: needs_consent(Sending.TELEMARKETING, Way.PHONE, [profile(key)]) for key in "NMTV"}
    assert calls == dict.fromkeys("NMT", False) | {"V": True}
    for key in "NMTV":
        assert needs_consent(Sending.DIRECT_MARKETING, Way.EMAIL, [profile(key)])
        assert ruled(Sending.DIRECT_MARKETING, [profile(key)]) is None
    assert ruled(Sending.DIRECT_MARKETING, [profile("C")]) is not None
    assert ruled(Sending.DIRECT_MARKETING, []) is not None


def test_one_mailbox_has_one_spelling() -> None:
    spelled = {Identity.email(text) for text in ("Robin@Example.com", " robin@example.COM ")}
    assert len(spelled) == 1
    for wrong in ("", "@", "a@", "@b", "a b@c.example", "a@b.example\n", f"{'x' * 250}@b.example"):
        with pytest.raises(Invalid):
            Identity.email(wrong.replace("\n", "\n.x"))
