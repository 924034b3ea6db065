"""What most applications do: an ORM, and one Fernet token for each personal field.

To be found by number and user, as ours are, each has a keyed digest beside it with a btree.
"""

import hmac
import secrets
import uuid
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from cryptography.fernet import Fernet
from sqlalchemy import DateTime, Dialect, Engine, Index, Text, create_engine
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from bench.plain import PlainCall
from bench.sites import Site
from jobs.embedded.roles import DATABASE, OWNER

_FERNET = Fernet(Fernet.generate_key())
_KEY = secrets.token_bytes(32)


def _digest(text: str | None) -> bytes | None:
    return None if text is None else hmac.digest(_KEY, text.encode(), "sha256")


class Encrypted(TypeDecorator[str]):
    """Text, encrypted by itself."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """To the database."""
        return None if value is None else _FERNET.encrypt(value.encode()).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """From the database."""
        return None if value is None else _FERNET.decrypt(value).decode()


class _Base(DeclarativeBase):
    pass


class FernetCall(_Base):
    """One call; key and btrees are the yardstick's."""

    __tablename__ = "fernet_calls"
    __table_args__ = (
        Index("ix_fernet_caller", "tenant_id", "caller_digest"),
        Index("ix_fernet_called", "tenant_id", "called_digest"),
        Index("ix_fernet_user", "tenant_id", "user_digest"),
    )

    tenant_id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), primary_key=True)
    direction: Mapped[str]
    caller: Mapped[str | None] = mapped_column(Encrypted)
    called: Mapped[str | None] = mapped_column(Encrypted)
    user_id: Mapped[str | None] = mapped_column(Encrypted)
    contact_person: Mapped[str | None] = mapped_column(Encrypted)
    company: Mapped[str | None] = mapped_column(Encrypted)
    caller_digest: Mapped[bytes | None]
    called_digest: Mapped[bytes | None]
    user_digest: Mapped[bytes | None]
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class OrmFernet:
    """The table, and batches into it."""

    def __init__(self, site: Site) -> None:
        self._engine: Engine = create_engine(site.postgres.url(OWNER, DATABASE))
        self._decoder = msgspec.json.Decoder(list[PlainCall])
        self._tenant = uuid.uuid4()
        _Base.metadata.create_all(self._engine)

    def ingest(self, body: bytes) -> None:
        """One batch from JSON to committed."""
        with Session(self._engine) as session:
            session.add_all(map(self._row, self._decoder.decode(body)))
            session.commit()

    def _row(self, call: PlainCall) -> FernetCall:
        return FernetCall(
            tenant_id=self._tenant,
            day=call.started_at.astimezone(UTC).date(),
            id=call.source_id,
            direction=call.direction,
            caller=call.caller,
            called=call.called,
            user_id=call.user_id,
            contact_person=call.contact_person,
            company=call.company,
            caller_digest=_digest(call.caller),
            called_digest=_digest(call.called),
            user_digest=_digest(call.user_id),
            started_at=call.started_at,
            answered_at=call.answered_at,
            ended_at=call.ended_at,
        )
