"""Signing in as tests of people and sessions do it."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp

from privacy.core.errors import SiltaError
from tenants.principals import Principal
from tenants.sign_in.principals import principal_of
from tenants.sign_in.visitors import SignedIn
from tenants.sign_in.with_password import sign_in
from tenants.totp.activate import Activated, activate_second_factor
from tenants.totp.codes import authenticator_time
from tenants.totp.enrol import begin_enrolment
from tests.database.tenants.conftest import PASSWORD, House, visitor


def enter(house: House, name: str = "alice", **more: str) -> SignedIn:
    return sign_in(
        house.desk, email=f"{name}@example.com", password=PASSWORD, visitor=visitor(**more)
    )


def who(house: House, token: str) -> Principal | None:
    found = principal_of(house.desk, token=token)
    return found[0] if found else None


def enrol(house: House, token: str, *, drift: int = -1) -> tuple[Activated, pyotp.TOTP]:
    """Enrol with the code of the step before, so that the present one is still unused."""
    principal = who(house, token)
    assert principal is not None
    assert principal.id is not None
    with house.desk.installation(principal.actor) as work:
        enrolment = begin_enrolment(house.desk.ring, work, user_id=principal.id)
    totp = pyotp.TOTP(enrolment.secret)
    code = totp.at(authenticator_time() + timedelta(seconds=30 * drift))
    return activate_second_factor(house.desk, token=token, code=code), totp


def in_parallel(times: int, act: Callable[[], object]) -> list[object]:
    """What each of `times` threads got, all set off together; errors as their codes."""
    barrier = threading.Barrier(times)

    def run(_: int) -> object:
        barrier.wait()
        try:
            return act()
        except SiltaError as error:
            return error.code

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))
