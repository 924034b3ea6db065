"""A profile that contradicts itself, or the law, does not load."""

from importlib.resources import files

import pytest

from privacy.core.errors import Misconfigured
from privacy.profiles.load import parse_profile

TEXT = {
    slug: files("privacy.profiles").joinpath(f"{slug}.toml").read_text()
    for slug in ("netvisor", "cloudvisor", "netversor", "microsoft")
}
_VALID = 'transfers = ["eu_eea"]'
_HISTORIC = 'historic_transfers = ["eu_privacy_shield", "swiss_privacy_shield"]'
_IRELAND = f'country = "IE"\n{_VALID}'


def _refused(slug: str, old: str, new: str) -> str:
    assert old in TEXT[slug]
    with pytest.raises(Misconfigured) as caught:
        parse_profile(TEXT[slug].replace(old, new, 1), source="forged.toml")
    return caught.value.message


@pytest.mark.promise("E1")
def test_a_privacy_shield_is_no_footing() -> None:
    shield = 'transfers = ["eu_privacy_shield"]'
    assert "annulled" in _refused("cloudvisor", _VALID, shield)
    american = f'country = "US"\n{shield}'
    assert "annulled" in _refused("cloudvisor", _IRELAND, american)
    beside = 'transfers = ["eu_eea", "eu_privacy_shield"]'
    assert "annulled" in _refused("cloudvisor", _VALID, beside)
    assert "historic" in _refused(
        "cloudvisor", _HISTORIC, 'historic_transfers = ["standard_clauses"]'
    )
    pretended = f'country = "US"\n{_VALID}'
    assert "EEA" in _refused("cloudvisor", _IRELAND, pretended)


@pytest.mark.promise("E4")
def test_a_processor_outside_the_region_is_refused() -> None:
    american = 'country = "US"\ntransfers = ["standard_clauses"]'
    assert "outside the region" in _refused("cloudvisor", _IRELAND, american)
    german = TEXT["cloudvisor"].replace('region = "eu"', 'region = "germany"')
    with pytest.raises(Misconfigured, match="outside the region"):
        parse_profile(german, source="forged.toml")
    asked = TEXT["netvisor"].replace('region = "eu_preferred"', 'region = "germany"')
    with pytest.raises(Misconfigured, match=r"integration\.netvisor\.fi is outside the region"):
        parse_profile(asked, source="forged.toml")
    in_browser = american + '\nruns = "browser"'
    parse_profile(TEXT["cloudvisor"].replace(_IRELAND, in_browser), source="forged.toml")


@pytest.mark.promise("D5")
@pytest.mark.promise("D4")
def test_cookies_need_a_category_that_is_asked_about() -> None:
    cookie = '[[cookies]]\nname = "_ga"\ncategory = "analytics"\npurpose = "Counts."\ndays = 2\n\n'
    tenant = "[[tenant_recipients]]"
    assert "sets none" in _refused("cloudvisor", tenant, cookie + tenant)
    assert "nobody is asked about" in _refused("netvisor", tenant, cookie + tenant)
    analytics = 'stance = "essential"\nanalytics = true'
    assert "asked about" in _refused("netvisor", 'stance = "essential"', analytics)


@pytest.mark.promise("A7")
def test_card_numbers_cannot_be_declared() -> None:
    payer = 'category = "user.payment"'
    assert "card" in _refused("microsoft", payer, 'category = "user.financial.credit_card"')


@pytest.mark.promise("C10")
def test_no_marketing_means_none_by_mail_either() -> None:
    assert "e-mail" in _refused("cloudvisor", 'email = "none"', 'email = "consent"')


@pytest.mark.promise("E2")
@pytest.mark.parametrize("host", ["localhost", "10.0.0.1", "netvisor", "Netvisor.fi", "a.fi/x", ""])
def test_a_recipient_is_a_full_name(host: str) -> None:
    assert "host" in _refused("netvisor", '"integration.netvisor.fi"', f'"{host}"')


def test_data_ends_by_days_or_by_an_event() -> None:
    assert "ends" in _refused("netvisor", "days = 30\n", "")
    account = 'retention = "account_life"'
    assert "ends" in _refused("netvisor", account, f"{account}\ndays = 3")


def test_recipients_have_declared_kinds() -> None:
    assert "declared" in _refused("netvisor", '"contacts", "invoices", "payments"', '"calls"')
