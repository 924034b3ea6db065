"""The second factor: set up, demanded, given up, reset."""

import pytest

from privacy.core.errors import Conflict, Forbidden, Invalid, NotFound
from privacy.profiles.load import load_profiles
from tenants.permissions import Permission, Role, allows
from tenants.principals import Stage
from tenants.tenants.change import require_second_factor
from tenants.totp.activate import activate_second_factor
from tenants.totp.codes import authenticator_time
from tenants.totp.drop import drop_second_factor
from tenants.totp.enrol import begin_enrolment, confirm_enrolment
from tenants.totp.reset import reset_second_factor
from tests.database.tenants.conftest import House
from tests.database.tenants.sign_ins import enrol, enter, who

pytestmark = pytest.mark.usefixtures("one_moment")


def test_a_wrong_code_confirms_no_enrolment(house: House) -> None:
    with house.desk.installation() as work:
        begin_enrolment(house.desk.ring, work, user_id=house.alice)
    with pytest.raises(Invalid), house.desk.installation() as work:
        confirm_enrolment(house.desk.ring, work, user_id=house.alice, code="000000")
    assert not enter(house).started.owes_second_factor


def test_an_enrolment_is_confirmed_once(house: House) -> None:
    token = enter(house).started.token
    activated, totp = enrol(house, token)
    with pytest.raises(Conflict):
        activate_second_factor(
            house.desk, token=activated.started.token, code=totp.at(authenticator_time())
        )


def test_enrolling_signs_other_sessions_out(house: House) -> None:
    elsewhere, here = enter(house).started.token, enter(house).started.token
    activated, _ = enrol(house, here)
    assert who(house, elsewhere) is None
    assert who(house, here) is None
    principal = who(house, activated.started.token)
    assert principal is not None
    assert principal.stage is Stage.FULL


def test_a_tenant_that_requires_a_second_factor_lets_nobody_past_the_set_up(house: House) -> None:
    token = enter(house, "bob").started.token
    with house.desk.tenant(house.tenant) as work:
        require_second_factor(work, required=True)
    principal = who(house, token)
    assert principal is not None
    assert principal.stage is Stage.ENROL
    assert allows(principal, Permission.SECOND_FACTOR_OWN)
    assert not allows(principal, Permission.CALLS_SEARCH)
    activated, _ = enrol(house, token)
    principal = who(house, activated.started.token)
    assert principal is not None
    assert principal.stage is Stage.FULL
    with pytest.raises(Conflict):
        drop_second_factor(house.desk, principal=principal)


@pytest.mark.promise("F3")
def test_a_profile_that_requires_a_second_factor_cannot_be_overruled(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = enter(house).started.token
    strict = {"T": load_profiles()["T"].model_copy(update={"mfa": "mandatory"})}
    monkeypatch.setattr("tenants.tenants.second_factors.load_profiles", lambda: strict)
    principal = who(house, token)
    assert principal is not None
    assert principal.stage is Stage.ENROL
    with pytest.raises(Conflict), house.desk.tenant(house.tenant) as work:
        require_second_factor(work, required=False)


def test_a_second_factor_can_be_given_up_where_it_is_optional(house: House) -> None:
    activated, _ = enrol(house, enter(house).started.token)
    principal = who(house, activated.started.token)
    assert principal is not None
    drop_second_factor(house.desk, principal=principal)
    assert not enter(house).started.owes_second_factor
    assert who(house, activated.started.token) is not None


def test_another_admin_resets_a_lost_second_factor(house: House) -> None:
    activated, _ = enrol(house, enter(house, "bob").started.token)
    reset_second_factor(house.desk, principal=house.principal(house.alice), user_id=house.bob)
    assert who(house, activated.started.token) is None
    assert house.mailbox.mails[-1].to == "bob@example.com"
    assert house.mailbox.mails[-1].notice == "second_factor_reset"
    assert not enter(house, "bob").started.owes_second_factor


@pytest.mark.attack(34)
def test_whose_second_factor_is_out_of_reach(house: House) -> None:
    alice = house.principal(house.alice)
    with pytest.raises(Forbidden):
        reset_second_factor(house.desk, principal=alice, user_id=house.alice)
    with pytest.raises(NotFound):
        reset_second_factor(house.desk, principal=alice, user_id=house.charlie)
    admin = house.principal(house.bob, Role.ADMIN)
    with pytest.raises(Forbidden):
        reset_second_factor(house.desk, principal=admin, user_id=house.alice)
