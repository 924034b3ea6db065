"""Published notices: each version as it was shown, with the rules that it was made from."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, DateTime, Integer, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from privacy.core.db.base import Base, TenantOwned
from privacy.core.db.declarations import impersonal

_TEXT = impersonal("a published text")


class Notice(TenantOwned, Base):
    """One version of one service's notice. What was published stays as it is."""

    __tablename__ = "notices"

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
    texts: Mapped[str] = mapped_column(Text, info=_TEXT)
    differences: Mapped[str] = mapped_column(Text, info=_TEXT)
    rules_changed: Mapped[bool] = mapped_column(
        Boolean, info=impersonal("whether more than the wording changed")
    )
