"""What archives are made from and restored to, put together from an installation."""

import uuid
from datetime import datetime
from functools import partial

from connector.marketplace.endings import run_endings
from connector.subjects.replays import replay
from jobs.contexts import House
from migrations.metadata import metadata
from privacy.backups.archive import Source
from privacy.backups.depots import Depot
from privacy.backups.finish import Finished, Finishing, finish_restoration
from privacy.backups.restore import OnStep
from privacy.backups.run import Yard
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, unit_of_work
from privacy.core.errors import Misconfigured
from tenants.sessions.end import end_every_session
from tenants.tenants.list import tenant_ids
from tenants.tenants.retentions import shorter_retentions
from tenants.tenants.subscribed import subscribed_services


def yard_of(house: House) -> Yard:
    """What an archive is made from. Raises Misconfigured."""
    settings, tenants = house.settings, tenants_of(house)
    if settings.backup_database_url is None:
        raise Misconfigured("SILTA_BACKUP_DATABASE_URL is not set, and archives need it")
    source = Source(house.engines.backup, house.engines.app, settings.backup_database_url, tenants)
    depot = Depot.of(settings, house.signer.identity)
    return Yard(settings, source, depot, house.signer, house.custody, services_of(house))


def tenants_of(house: House) -> list[uuid.UUID]:
    """The installation first, then every tenant of its directory. No key is needed for it."""
    app = house.engines.app
    with unit_of_work(app, tenant_id=INSTALLATION_ID, actor=SYSTEM) as work:
        return [INSTALLATION_ID, *tenant_ids(work)]


def services_of(house: House) -> set[str]:
    """Keys of the services that any tenant uses."""
    found: set[str] = set()
    for tenant_id in tenants_of(house):
        with unit_of_work(house.engines.app, tenant_id=tenant_id, actor=SYSTEM) as work:
            found.update(subscribed_services(work))
    return found


def finish(
    house: House,
    *,
    archive_id: uuid.UUID,
    since: datetime,
    depot: Depot | None,
    on_step: OnStep,
) -> Finished:
    """Do again in the restored database what was done since, sign everybody out, and open it.

    Args:
        since: when the archive was begun, by this installation's clock.
    """
    given = Finishing(
        house.engines,
        house.custody,
        house.anchors,
        house.signer,
        partial(_erase_again, house),
        lambda: shorter_retentions(house.desk),
        archive_id,
        since,
        depot,
    )
    return finish_restoration(given, on_step=on_step)


def _erase_again(house: House, since: datetime) -> int:
    """Sign everybody out, replay the erasure journal, end tenants that ended: rows erased."""
    desk = house.desk
    # Everybody but the mark: whoever opens this can only be us.
    with desk.installation(SYSTEM) as work:
        end_every_session(work)
    done = replay(
        lambda tenant: desk.tenant(tenant, SYSTEM),
        house.vault,
        house.custody,
        since=since,
        marks=house.anchors.marked(),
    )
    run_endings(
        desk,
        actor=SYSTEM,
        keeper=house.engines.keeper,
        owner=house.engines.owner,
        metadata=metadata,
    )
    return done.rows


def is_configured(house: House) -> bool:
    """Whether an operator wants archives at all."""
    return house.settings.backup_store is not None
