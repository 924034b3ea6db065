"""What the register of disclosures holds about a person: kept as proof, and ends by itself."""

from collections.abc import Iterable

from privacy.core.db.work import UnitOfWork
from privacy.disclosures.find import rows_about, view_of
from privacy.subjects.holders import Erased, HeldRecord, Subject
from privacy.subjects.words import Because
from privacy.vault.keyring import Keyring


class DisclosureHolder:
    """Disclosures. That they were told, on which ground, has to be shown (GDPR Art. 5(2), 19)."""

    name = "disclosures"
    title = "What was told to others"
    tables = frozenset({"disclosures", "disclosure_tokens"})
    recipients: tuple[str, ...] = ()

    def find(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> int:
        """See privacy.subjects.holders.Holder."""
        return len(rows_about(work, vault, subject.identities))

    def collect(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Iterable[HeldRecord]:
        """See privacy.subjects.holders.Holder."""
        for row in rows_about(work, vault, subject.identities):
            view = view_of(work, vault, row)
            fields = {
                "recipient": view.recipient,
                "ground": view.ground.value,
                "fields": ", ".join(view.fields),
                "values": dict(view.values),
                "at": view.at.isoformat() if view.at else "previewed, not published",
            }
            yield HeldRecord(
                fields, "use of the service", provided=False, until=view.ends_on.isoformat()
            )

    def erase(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Erased:
        """Previews go; what was told stays as proof until its day."""
        rows = rows_about(work, vault, subject.identities)
        told = [row for row in rows if row.state == "made"]
        for row in rows:
            if row.state != "made":
                work.session.delete(row)
        work.session.flush()
        until = max((row.ends_on for row in told), default=None)
        because = Because.ACCOUNTABILITY if told else None
        return Erased(len(rows) - len(told), len(told), because, until)
