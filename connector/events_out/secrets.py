"""Signing secrets (Standard Webhooks: `whsec_` and base64): shown once, sealed, replaced with
an overlap in which both sign."""

import base64
import secrets
import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select

from connector.events_out.models import WebhookEndpoint, WebhookSecret
from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Scope
from privacy.vault.meanings import Meaning

PREFIX: Final = "whsec_"
OVERLAP: Final = timedelta(hours=24)
_BYTES: Final = 32


def issue_secret(work: UnitOfWork, vault: Keyring, endpoint: WebhookEndpoint) -> str:
    """A new secret of the endpoint (a locked or new row). Older ones sign for a day more."""
    version = 0
    for row in _secrets_of(work, endpoint.id):
        version = max(version, row.version)
        ends = work.now + OVERLAP
        row.expires_at = min(row.expires_at, ends) if row.expires_at else ends
    raw, secret_id = secrets.token_bytes(_BYTES), new_id()
    row = WebhookSecret(
        tenant_id=work.tenant_id,
        id=secret_id,
        endpoint_id=endpoint.id,
        version=version + 1,
        created_at=work.now,
    )
    row.secret_sealed = vault.seal(work, Scope.CREDENTIALS, _meaning(row), raw)
    work.session.add(row)
    work.session.flush()
    return PREFIX + base64.b64encode(raw).decode("ascii")


def open_secrets(work: UnitOfWork, vault: Keyring, endpoint_id: uuid.UUID) -> list[bytes]:
    """Keys that sign now, the newest first."""
    rows = sorted(_secrets_of(work, endpoint_id), key=lambda row: -row.version)
    return [
        vault.open(work, Scope.CREDENTIALS, _meaning(row), row.secret_sealed)
        for row in rows
        if row.expires_at is None or row.expires_at > work.now
    ]


def sweep_secrets(work: UnitOfWork) -> int:
    """Delete replaced secrets whose overlap is over; how many went."""
    gone = work.connection.execute(
        delete(WebhookSecret).where(
            WebhookSecret.tenant_id == work.tenant_id, WebhookSecret.expires_at <= work.now
        )
    )
    return gone.rowcount


def _secrets_of(work: UnitOfWork, endpoint_id: uuid.UUID) -> Iterable[WebhookSecret]:
    query = select(WebhookSecret).where(WebhookSecret.endpoint_id == endpoint_id)
    return work.session.scalars(query).all()


def _meaning(row: WebhookSecret) -> Meaning:
    return Meaning(
        "endpoint secret",
        row.tenant_id,
        "webhook_secrets",
        row.id,
        "secret_sealed",
        row.version,
    )
