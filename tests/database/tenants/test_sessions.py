"""Sessions: how they end, and how identity is proved again in one."""

from datetime import timedelta

import pytest

from privacy.core import clock
from privacy.core.errors import Invalid, NotFound, Unauthenticated
from tenants.sessions.end import end_session, end_sessions_of, sweep_sessions
from tenants.sessions.list import own_sessions
from tenants.sign_in.again import reauthenticate
from tenants.sign_in.principals import switch_tenant
from tenants.totp.codes import authenticator_time
from tests.database.tenants.conftest import PASSWORD, House, visitor
from tests.database.tenants.sign_ins import enrol, enter, who

pytestmark = pytest.mark.usefixtures("one_moment")


@pytest.mark.attack(29)
def test_what_has_ended_stays_ended(house: House) -> None:
    token = enter(house).started.token
    principal = who(house, token)
    assert principal is not None
    assert principal.session_id is not None
    with house.desk.installation() as work:
        end_session(work, session_id=principal.session_id, user_id=house.alice)
    assert who(house, token) is None
    with pytest.raises(Unauthenticated):
        reauthenticate(house.desk, token=token, password=PASSWORD, visitor=visitor())
    with pytest.raises(Unauthenticated):
        switch_tenant(house.desk, token=token, tenant_id=house.tenant)
    with pytest.raises(NotFound), house.desk.installation() as work:
        end_session(work, session_id=principal.session_id, user_id=house.alice)


@pytest.mark.attack(29)
def test_signing_out_everywhere(house: House) -> None:
    tokens = [enter(house).started.token for _ in range(3)]
    with house.desk.installation() as work:
        assert len(own_sessions(work, user_id=house.alice)) == 3
        assert end_sessions_of(work, user_id=house.alice, because="asked") == 3
    assert [who(house, token) for token in tokens] == [None] * 3


@pytest.mark.attack(34)
def test_nobody_ends_anothers_session(house: House) -> None:
    principal = who(house, enter(house).started.token)
    assert principal is not None
    assert principal.session_id is not None
    with pytest.raises(NotFound), house.desk.installation() as work:
        end_session(work, session_id=principal.session_id, user_id=house.charlie)


@pytest.mark.promise("B1")
def test_a_session_ends_after_thirty_days_and_is_swept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = enter(house).started.token
    for hours in range(0, 30 * 24, 11):
        monkeypatch.setattr(clock, "_offset", timedelta(hours=hours))
        assert who(house, token) is not None
    monkeypatch.setattr(clock, "_offset", timedelta(days=30, minutes=1))
    assert who(house, token) is None
    with house.desk.installation() as work:
        assert sweep_sessions(work) == 1
    assert house.installation.count("sign_in_sessions") == 0


def test_an_idle_session_ends(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    token = enter(house).started.token
    monkeypatch.setattr(clock, "_offset", timedelta(hours=12, minutes=1))
    assert who(house, token) is None


def test_identity_is_proved_again_with_both_factors(house: House) -> None:
    activated, totp = enrol(house, enter(house).started.token)
    token = activated.started.token
    for code in (None, "000000"):
        with pytest.raises(Invalid):
            reauthenticate(house.desk, token=token, password=PASSWORD, code=code, visitor=visitor())
    with pytest.raises(Invalid):
        reauthenticate(house.desk, token=token, password="wrong", visitor=visitor())
    code = totp.at(authenticator_time())
    fresh = reauthenticate(house.desk, token=token, password=PASSWORD, code=code, visitor=visitor())
    assert who(house, token) is None
    principal = who(house, fresh.token)
    assert principal is not None
    assert principal.is_fresh(now=clock.now())
