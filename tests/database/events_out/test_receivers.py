"""Who gets events: servers that certificates name, that are declared, and are not flooded."""

from pathlib import Path

import pytest

from connector.events_out.endpoints import (
    MOST_TESTS,
    TooManyTests,
    try_endpoint,
)
from connector.events_out.parcels import Parcel
from connector.events_out.post import Poster, Result
from connector.events_out.replay import replay_delivery
from connector.outbound.client import Outbound
from connector.outbound.recipients import Recipients
from tests.database.events_out.outs import (
    endpoint,
    only,
    run_due,
    state_changed,
)
from tests.database.events_out.receivers import receiving
from tests.functional.outbound.certificates import authority_for
from tests.tenancies import House


def test_over_tls_to_a_name_that_is_checked(house: House, tmp_path: Path) -> None:
    theirs, ours = authority_for("localhost", tmp_path)

    class Trusting(Poster):
        def client(self, recipients: Recipients) -> Outbound:
            return Outbound(recipients, loopback=True, tls=ours)

    with receiving(theirs) as receiver:
        made = endpoint(house.alice, receiver)
        url = receiver.url.replace("127.0.0.1", "localhost")
        with house.alice.work() as work:
            try_endpoint(work, endpoint_id=made.id)
        run_due(house, house.alice, Poster(loopback=True))
        assert only(house)["code"] == "certificate_not_trusted"
        parcels: list[Parcel] = []

        def post(parcel: Parcel) -> Result:
            parcels.append(parcel)
            return Trusting()(Parcel(url, parcel.headers, parcel.body))

        with house.alice.work() as work:
            replay_delivery(work, delivery_id=only(house)["id"])
        run_due(house, house.alice, post)
    assert receiver.taken[0]["type"] == "endpoint.tested"
    assert only(house)["state"] == "delivered"


@pytest.mark.attack(46)
def test_this_machine_gets_nothing_without_the_development_switch(house: House) -> None:
    with receiving() as receiver:
        endpoint(house.alice, receiver)
        state_changed(house)
        run_due(house, house.alice, Poster(loopback=False))
        assert receiver.heads == []
        assert only(house)["code"] == "recipient_not_declared"


@pytest.mark.attack(46)
def test_a_redirect_is_not_followed(house: House) -> None:
    with receiving() as receiver:
        endpoint(house.alice, receiver)
        receiver.answers += [(302, {"Location": "http://169.254.169.254/"})]
        state_changed(house)
        run_due(house, house.alice)
    assert only(house)["code"] == "redirected"


@pytest.mark.attack(44)
def test_tests_do_not_pile_up(house: House) -> None:
    with receiving() as receiver:
        made = endpoint(house.alice, receiver)
        for _ in range(MOST_TESTS):
            with house.alice.work() as work:
                try_endpoint(work, endpoint_id=made.id)
        with house.alice.work() as work, pytest.raises(TooManyTests):
            try_endpoint(work, endpoint_id=made.id)
        run_due(house, house.alice, Poster(loopback=True))
        with house.alice.work() as work:
            try_endpoint(work, endpoint_id=made.id)
    assert len(receiver.taken) == MOST_TESTS
