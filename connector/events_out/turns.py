"""Turns: the jobs that try a delivery. Only the one that the delivery names may."""

import uuid
from datetime import datetime

from connector.events_out.models import WebhookDelivery
from privacy.core.db.work import UnitOfWork
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName


def enqueue_turn(work: UnitOfWork, *, delivery_id: uuid.UUID, turn: int, at: datetime) -> None:
    """Ask for one attempt at `at`."""
    enqueue(
        work,
        name=JobName.EVENT_DELIVER,
        payload={"delivery_id": str(delivery_id), "turn": turn},
        run_at=at,
        dedupe_key=f"{JobName.EVENT_DELIVER}:{delivery_id}:{turn}",
    )


def take_next_turn(work: UnitOfWork, delivery: WebhookDelivery, *, at: datetime) -> None:
    """Let `delivery` (a locked row) be tried at `at`; a job of an older turn does nothing."""
    delivery.state, delivery.next_at = "waiting", at
    delivery.turn += 1
    enqueue_turn(work, delivery_id=delivery.id, turn=delivery.turn, at=at)
