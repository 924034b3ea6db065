"""What the service does, asked in the way in which a profile can change it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text

from connector.accounts.kinds import AccountKind
from connector.contacts.shelf import CONTACTS
from connector.inquiries.channels import Channel, Unofficial
from connector.inquiries.contents import Contact, Technical
from connector.inquiries.declared import Asked, strip_technical
from connector.inquiries.open import Consent, open_inquiry
from connector.notices.publish import publish_notices, rules_of
from connector.registrations.details import read_details
from connector.synced.declared import declared_of
from connector.syncs.recipients import recipients_of
from privacy.acceptances.pending import pending_decisions
from privacy.backups.regions import check_region
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import SiltaError
from privacy.disclosures.rules import check_disclosure
from privacy.disclosures.shapes import Disclosing
from privacy.documents.keep import give_document
from privacy.identities.people import Person
from privacy.identities.shapes import Identity
from privacy.profiles import profile
from privacy.profiles.parts import DocumentUse
from privacy.profiles.sharing import Ground
from privacy.retention.rules import day_rules
from privacy.suppressions.check import may_send
from privacy.suppressions.purposes import Sending
from privacy.vault.keyring import Keyring
from tests.database.notices.changes import Facts, served
from tests.database.notices.conftest import Place

MOMENT = datetime(2026, 3, 2, tzinfo=UTC)


ROBIN = Person(email="robin@example.org", name="Robin Example")


Act = Callable[[Place, UnitOfWork, Keyring], object]


@dataclass(frozen=True)
class Case:
    """One field: what is changed, what the notice says then, what the service does then."""

    field: str
    service: str
    change: Callable[[Facts], None]
    said: str
    act: Act
    before: object
    after: object


def keeps(service: str, data: str) -> Act:
    def keep(*_: object) -> int:
        return next(
            one.keep for one in day_rules() if (one.kind.service, one.kind.data) == (service, data)
        )

    return keep


def refused(act: Act) -> Act:
    """The error's code, or that there was none."""

    def tried(place: Place, work: UnitOfWork, vault: Keyring) -> object:
        try:
            with work.session.begin_nested():
                act(place, work, vault)
        except SiltaError as refusal:
            return refusal.code
        return "done"

    return tried


def verdict(purpose: Sending, service: str, who: Identity) -> Act:
    def ask(_: Place, work: UnitOfWork, vault: Keyring) -> object:
        said = may_send(work, vault, purpose=purpose, to=who, services=[service])
        return said.reason.value

    return ask


def inquiry_days(_: Place, work: UnitOfWork, vault: Keyring) -> object:
    made = open_inquiry(
        work,
        vault=vault,
        service="C",
        channel=Channel.TELEPHONE,
        asked=Asked(Contact(name="Robin", email="robin@example.org"), "Hello"),
    )
    ends = work.connection.execute(
        text("SELECT ends_on FROM inquiries WHERE id = :id"), {"id": made.id}
    ).scalar_one()
    return (ends - work.today).days


def unofficial(_: Place, work: UnitOfWork, vault: Keyring) -> object:
    open_inquiry(
        work,
        vault=vault,
        service="V",
        channel=Channel.UNOFFICIAL,
        asked=Asked(Contact(name="Robin", handle="robin"), "Hello"),
        consent=Consent(Unofficial.SKYPE, work.now - timedelta(hours=1)),
    )
    return True


def asked_host(*_: object) -> object:
    recipients_of(profile("N"), (), loopback=False).check("https://isvapi.netvisor.fi/x")
    return True


def kept_agent(*_: object) -> object:
    seen = Technical(ip_address="192.0.2.7", user_agent="x")
    return strip_technical(profile("C"), seen).user_agent


def own_exchange(*_: object) -> object:
    allowed = recipients_of(profile("T"), ("https://pbx.example.com",), loopback=False)
    return bool(allowed.check("https://pbx.example.com/cdr").host)


def stripped(_: Place, work: UnitOfWork, __: Keyring) -> object:
    return "vat_id" in declared_of(work, CONTACTS, AccountKind.MICROSOFT).undeclared


def obliged(_: Place, work: UnitOfWork, __: Keyring) -> object:
    return declared_of(work, CONTACTS, AccountKind.NETVISOR).obliged


def origin(_: Place, work: UnitOfWork, __: Keyring) -> object:
    told = declared_of(work, CONTACTS, AccountKind.NETVISOR)
    return told.subjects.value, told.source.value


def of_age(place: Place, work: UnitOfWork, vault: Keyring) -> object:
    sent = {"login": "robin", "first_name": "Robin", "last_name": "Example"}
    born = date(MOMENT.year - 19, 1, 1).isoformat()
    sent |= {"email": "robin@example.org", "birth_date": born}
    read_details("V", sent, today=MOMENT.date())
    return True


def told_to_court(_: Place, work: UnitOfWork, vault: Keyring) -> object:
    said = Disclosing(
        service="V",
        ground=Ground.COURT,
        person=ROBIN,
        recipient="District court",
        reference="12 O 34/26",
        fields=("email",),
    )
    check_disclosure(work, vault, said)
    return True


def document(place: Place, work: UnitOfWork, vault: Keyring) -> object:
    return give_document(
        work,
        vault,
        subject_id=place.alice,
        service="C",
        use=DocumentUse.IDENTIFICATION,
        content=b"%PDF-1.7 a document",
    )


def archive(place: Place, *_: object) -> object:
    settings = place.installation.settings.model_copy(update={"backup_country": "SE"})
    return check_region(settings, services=["C"])


def announced(_: Place, work: UnitOfWork, vault: Keyring) -> object:
    """Jobs after the policy was published, and published again with another rule."""
    publish_notices(work, vault)
    facts = profile("T").model_dump()
    facts["breaches"]["users_hours"] = 9
    with served(facts):
        publish_notices(work, vault)
    count = work.connection.execute(
        text("SELECT count(*) FROM outbox_jobs WHERE name = 'notice.announce'")
    )
    return count.scalar_one()


def asked_to_accept(_: Place, work: UnitOfWork, vault: Keyring) -> object:
    publish_notices(work, vault)
    return "T" in {row.service for row in pending_decisions(work, rules_of(work))}
