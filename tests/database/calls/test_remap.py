"""A better reading reaches calls that are stored already."""

from sqlalchemy import update

from connector.accounts.kinds import AccountKind
from connector.accounts.models import ConnectorAccount
from connector.calls.ingest import ingest_calls
from connector.calls.queries import Query
from connector.calls.search import search_calls
from connector.calls.shapes import IncomingCall
from connector.providers.base import Delivery, RawCall
from connector.providers.choices import mapping_of, settings_of
from connector.remaps.run import Remapped, remap_calls
from privacy.core.clock import now
from privacy.core.db.work import SYSTEM
from tests.tenancies import House

ROW = (
    '"","0790000000","+442079460345","in","""Visitor"" <0790000000>","PJSIP/trunk-1",'
    '"PJSIP/17-2","Dial","x","{0} 10:00:00","{0} 10:00:05","{0} 10:01:05",65,60,'
    '"ANSWERED","DOCUMENTATION","1700000000.1"\n'
)


def test_corrected_settings_reach_stored_calls_once(house: House) -> None:
    alice = house.alice
    account = alice.account(AccountKind.ASTERISK)
    body = ROW.format(now().date().isoformat()).encode()
    mapping, settings = mapping_of(account), settings_of(account)
    [raw] = mapping.split(Delivery(body=body), settings)
    assert isinstance(raw, RawCall)
    call = mapping.map(raw, settings)
    assert isinstance(call, IncomingCall)
    with alice.work() as work:
        ingest_calls(
            work, vault=alice.vault, account=account, calls=[call], sources=[raw.document()]
        )
        work.session.execute(
            update(ConnectorAccount).values(settings={"inbound_contexts": ["in"]}, region="SE")
        )

    def again() -> Remapped:
        return remap_calls(
            house.installation.engines.app,
            vault=alice.vault,
            tenant_id=alice.id,
            actor=SYSTEM,
            account_id=account.id,
        )

    assert again() == Remapped(read=1, changed=1)
    assert again() == Remapped(read=1, changed=0)
    with alice.work() as work:
        page = search_calls(work, vault=alice.vault, query=Query(number="+46790000000"))
        [view] = page.calls
        assert view.record.direction == "inbound"
        redelivered = ingest_calls(work, vault=alice.vault, account=account, calls=[call])
        assert redelivered.duplicates == 1
