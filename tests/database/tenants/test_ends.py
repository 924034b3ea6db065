"""The end of a tenant that no marketplace sold: announced, called off, carried out, certified."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from connector.accounts.find import list_accounts
from connector.marketplace.begin_end import EXPORT_DAYS
from connector.marketplace.certificates import certify_destruction
from connector.marketplace.end_tenant import EndsAlready, NotEnding, end_tenant, keep_tenant
from connector.marketplace.endings import run_endings
from connector.marketplace.gate import NotSubscribed, check_subscribed
from connector.marketplace.notices import notify_end
from connector.marketplace.subscriptions import list_subscriptions
from connector.subjects.replays import replay
from migrations.metadata import metadata
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM
from privacy.core.errors import Invalid, NotFound
from privacy.core.ids import new_id
from privacy.ledger.signing import load_signer
from privacy.mails.kinds import MailKind
from privacy.subjects.certificates import verify_certificate
from tenants.tenants.views import get_tenant
from tests.database.tenants.conftest import House
from tests.database.tenants.test_endings import Snapshot, open_, to_escrow
from tests.tenancies import Tenancy

_MINE = ("tenants", "tenant_directory", "service_subscriptions", "memberships", "api_keys")


def _run(house: House) -> int:
    engines = house.installation.engines
    return run_endings(
        house.desk, actor=SYSTEM, keeper=engines.keeper, owner=engines.owner, metadata=metadata
    )


@pytest.mark.promise("B4")
def test_a_tenant_ends_after_its_time_for_an_export_with_a_certificate(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, mine = house.desk, house.tenant
    account = Tenancy(house.installation, desk.ring, mine).account()
    for days in (6, 367):
        with pytest.raises(Invalid):
            end_tenant(desk, actor=SYSTEM, tenant_id=mine, days=days)
    for none in (new_id(), INSTALLATION_ID):
        with pytest.raises(NotFound):
            end_tenant(desk, actor=SYSTEM, tenant_id=none)
    at = end_tenant(desk, actor=SYSTEM, tenant_id=mine)
    with pytest.raises(EndsAlready):
        end_tenant(desk, actor=SYSTEM, tenant_id=mine)
    with desk.tenant(mine, SYSTEM) as work:
        assert at == work.now + timedelta(days=EXPORT_DAYS) or at < work.now + timedelta(days=31)
        (row,) = list_subscriptions(work)
        assert get_tenant(work).state == "active", "people may want an export"
        assert [one.state for one in list_accounts(work) if one.id == account.id] == ["disabled"]
        with pytest.raises(NotSubscribed):
            check_subscribed(work, service="T")
    assert notify_end(desk, tenant_id=mine, actor=SYSTEM, subscription_id=row.id, what="ending")
    mail = house.mailbox.last(MailKind.SUBSCRIPTION_ENDING)
    assert (mail.to, mail.values["link"][-8:]) == ("alice@example.com", "/exports")
    assert _run(house) == 0
    monkeypatch.setattr("privacy.core.clock._offset", timedelta(days=EXPORT_DAYS, minutes=1))
    assert _run(house) == 1
    assert _run(house) == 0, "once"
    folder = house.installation.folder / "certifying"
    folder.mkdir()
    signer = load_signer(folder, wrap=bytes, unwrap=bytes, pinned=None)
    owner = house.installation.engines.owner
    said = certify_destruction(owner, signer, metadata=metadata, tenant_id=mine)
    certified = verify_certificate(said, signer.identity)
    assert (certified["tenant"], certified["found_afterwards"]) == (str(mine), {})
    with desk.tenant(house.other, SYSTEM) as work:
        assert get_tenant(work).state == "active"


def test_an_end_is_called_off_and_systems_listen_again(house: House) -> None:
    desk, mine = house.desk, house.tenant
    account = Tenancy(house.installation, desk.ring, mine).account()
    with pytest.raises(NotEnding):
        keep_tenant(desk, actor=SYSTEM, tenant_id=mine)
    end_tenant(desk, actor=SYSTEM, tenant_id=mine, days=7)
    keep_tenant(desk, actor=SYSTEM, tenant_id=mine)
    with desk.tenant(mine, SYSTEM) as work:
        assert list_subscriptions(work) == []
        assert [one.state for one in list_accounts(work) if one.id == account.id] == ["testing"]
        check_subscribed(work, service="T")


@pytest.mark.attack(64)
@pytest.mark.promise("B4")
def test_a_tenant_that_ended_since_an_archive_does_not_come_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The archive does not even know that its end had begun."""
    desk = house.desk
    end_tenant(desk, actor=SYSTEM, tenant_id=house.other, days=7)
    keep_tenant(desk, actor=SYSTEM, tenant_id=house.other)
    snapshot = Snapshot(house, _MINE)
    with desk.installation(SYSTEM) as work:
        begun = work.now - timedelta(hours=1)
    end_tenant(desk, actor=SYSTEM, tenant_id=house.tenant, days=7)
    to_escrow(house)
    monkeypatch.setattr("privacy.core.clock._offset", timedelta(days=8))
    assert _run(house) == 1
    snapshot.put_back()
    replay(open_(house), desk.ring, desk.custody, since=begun, marks={})
    assert _run(house) == 1
    query = text("SELECT tenant_id FROM tenants ORDER BY 1")
    with house.installation.superuser().connect() as connection:
        assert connection.execute(query).scalars().all() == [INSTALLATION_ID, house.other]
