"""marketplace.announce, subscription.notice and subscriptions.end."""

from typing import Literal

from connector.marketplace.callbacks import announcement, post_announcement
from connector.marketplace.endings import run_endings
from connector.marketplace.notices import notify_end
from connector.marketplace.orders import seller_behind
from jobs.contexts import TaskContext
from migrations.metadata import metadata
from privacy.core.db.tenancy import INSTALLATION_ID
from tenants.marketplace_keys.create import callbacks


def announce(context: TaskContext) -> None:
    """Payload: subscription_id, change, account_id. Posts to every address of whoever sold it."""
    house, payload = context.house, context.payload
    with context.work_of(INSTALLATION_ID) as work:
        seller = seller_behind(work, context.id_of("subscription_id"))
        places = callbacks(work, vault=house.vault, seller=seller) if seller else []
    told = announcement(
        context.work,
        event_id=context.job_id,
        subscription_id=context.id_of("subscription_id"),
        change=str(payload.get("change")),
        account_id=payload.get("account_id"),
    )
    for place in places if told is not None else []:
        post_announcement(place, told or {}, loopback=house.settings.outbound_loopback)


def notify(context: TaskContext) -> None:
    """Payload: subscription_id, what."""
    what: Literal["ending", "ended"] = "ended" if context.payload["what"] == "ended" else "ending"
    notify_end(
        context.house.desk,
        tenant_id=context.tenant_id,
        actor=context.actor,
        subscription_id=context.id_of("subscription_id"),
        what=what,
    )


def end(context: TaskContext) -> None:
    """Remind, end and destroy what is due; no payload."""
    engines = context.house.engines
    run_endings(
        context.house.desk,
        actor=context.actor,
        keeper=engines.keeper,
        owner=engines.owner,
        metadata=metadata,
    )
