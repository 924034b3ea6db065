"""What the register of consents holds about a person. Evidence outlives an erasure for a time."""

from collections.abc import Iterable

from sqlalchemy import delete, select, update

from privacy.consents.find import views_of
from privacy.consents.models import Consent, ConsentToken
from privacy.consents.shapes import ConsentChannel
from privacy.consents.withdraw import withdraw_consent
from privacy.core.db.work import UnitOfWork
from privacy.identities.tokens import tokens_of
from privacy.subjects.holders import Erased, HeldRecord, Subject
from privacy.subjects.limits import evidence_until
from privacy.subjects.words import Because
from privacy.vault.keyring import Keyring


class ConsentHolder:
    """Consents, with their words and events."""

    name = "consents"
    title = "Consents"
    tables = frozenset({"consents", "consent_tokens", "consent_events"})
    recipients: tuple[str, ...] = ()

    def find(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> int:
        """See privacy.subjects.holders.Holder."""
        return len(_rows(work, vault, subject))

    def collect(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Iterable[HeldRecord]:
        """See privacy.subjects.holders.Holder."""
        for row, view in zip(
            rows := _rows(work, vault, subject), views_of(work, vault, rows), strict=True
        ):
            fields = {
                "purpose": view.purpose.value,
                "service": view.service,
                "wording": view.wording.text,
                "language": view.wording.language,
                "version": view.wording.version,
                "email": view.person.email,
                "number": view.person.phone,
                "name": view.person.name,
                "events": [
                    {
                        "act": one.act.value,
                        "at": one.at.isoformat(),
                        "channel": one.channel.value,
                        "evidence": one.evidence,
                    }
                    for one in view.events
                ],
            }
            until = row.ends_on.isoformat() if row.ends_on else ""
            yield HeldRecord(fields, "you", until=until)

    def erase(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Erased:
        """Each is withdrawn (Art. 17(1)(b)); that it was given is shown until claims end."""
        rows = _rows(work, vault, subject)
        for row in rows:
            withdraw_consent(work, vault, consent_id=row.id, channel=ConsentChannel.FORM)
        until = evidence_until(work.today)
        ids = [row.id for row in rows if row.ends_on is None]
        work.session.execute(update(Consent).where(Consent.id.in_(ids)).values(ends_on=until))
        last = max([row.ends_on for row in rows if row.ends_on], default=until)
        return Erased(0, len(rows), Because.EVIDENCE, max(until, last) if rows else None)


def sweep_consents(work: UnitOfWork) -> int:
    """Delete the bound tenant's evidence of erased people whose last day is over."""
    over = delete(Consent).where(Consent.tenant_id == work.tenant_id, Consent.ends_on <= work.today)
    return work.connection.execute(over).rowcount


def _rows(work: UnitOfWork, vault: Keyring, subject: Subject) -> list[Consent]:
    tokens = tokens_of(work, vault, subject.identities)
    mine = select(ConsentToken.consent_id).where(ConsentToken.token.in_(tokens))
    return list(
        work.session.scalars(select(Consent).where(Consent.id.in_(mine)).order_by(Consent.id))
    )
