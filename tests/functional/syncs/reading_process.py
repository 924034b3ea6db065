"""A process that reads one account, for a test that kills it: `… tenant_id account_id`."""

import sys
import uuid

from connector.syncs.run_account import run_account
from connector.syncs.stations import Station
from jobs.installation import Installation
from privacy.core.db.work import SYSTEM
from privacy.core.settings import load_settings


def main(tenant_id: str, account_id: str) -> int:
    """0 when everything was read."""
    house = Installation(load_settings())
    station = Station(house.engines.app, house.vault, uuid.UUID(tenant_id), SYSTEM, loopback=True)
    run_account(station, account_id=uuid.UUID(account_id))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
