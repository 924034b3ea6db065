"""What a marketplace sells decides which systems can be connected, where it sells at all."""

from sqlalchemy import text

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict

_STATES = text("SELECT service, state FROM service_subscriptions WHERE tenant_id = :tenant")


class NotSubscribed(Conflict):
    """The service was not ordered, or is suspended or ending."""

    code = "service_not_subscribed"
    message = "This service has no active subscription, so nothing can be connected to it."


def check_subscribed(work: UnitOfWork, *, service: str) -> None:
    """Whether the bound tenant may connect a system of `service`.

    A tenant without any subscription was made by the operator and may connect everything.

    Raises:
        NotSubscribed.
    """
    rows = work.connection.execute(_STATES, {"tenant": work.tenant_id}).all()
    if rows and not any(row.service == service and row.state == "active" for row in rows):
        raise NotSubscribed
