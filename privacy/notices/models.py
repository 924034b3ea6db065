"""Published notices: each version as it was shown, with the rules that it was made from."""

import uuid
from datetime import date, datetime

from sqlalchemy import Boolean, Date, DateTime, Integer, LargeBinary, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal
from privacy.identities.people import sealed_text

_TEXT = impersonal("a published text")
_SEALED = "a published text; sealed, for the name in it may be that of a person who trades alone"


class Notice(TenantOwned, Base):
    """One version of one service's notice. What was published stays as it is."""

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("tenant_id", "id", name="uq_notices_tenant_id_id"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, info=impersonal("random id of a record"))
    service: Mapped[str] = mapped_column(
        Text, primary_key=True, info=impersonal("key of a service")
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True, info=impersonal("a counter"))
    dated: Mapped[date] = mapped_column(Date, info=impersonal("date of a published text"))
    published_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), info=impersonal("when a text was published")
    )
    digest: Mapped[bytes] = mapped_column(
        LargeBinary, info=impersonal("SHA-256 of a published text")
    )
    profile: Mapped[str] = mapped_column(Text, info=_TEXT)
    texts_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=impersonal(_SEALED))
    differences: Mapped[str] = mapped_column(Text, info=_TEXT)
    rules_changed: Mapped[bool] = mapped_column(
        Boolean, info=impersonal("whether more than the wording changed")
    )


TEXTS = sealed_text("notice", "notices", "texts_sealed")
