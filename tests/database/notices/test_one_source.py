"""Change a number in a profile: the text says another thing, and the service does it.

Every field of a profile that has an effect stands here once. The last test names the few that
are told and do nothing, so that a new field is either tried here or explained there.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

import pytest
from sqlalchemy import text

from connector.accounts.kinds import AccountKind
from connector.calls.keeping import kept_days
from connector.contacts.shelf import CONTACTS
from connector.http.centre.confirmed import objections_of
from connector.inquiries.channels import Channel, Unofficial
from connector.inquiries.contents import Contact, Technical
from connector.inquiries.declared import Asked, fields_of, strip_technical
from connector.inquiries.keeping import ends_on
from connector.inquiries.open import Consent, open_inquiry
from connector.notices.publish import publish_notices, rules_of
from connector.outbound.failures import NotDeclared
from connector.registrations.details import read_details
from connector.synced.declared import declared_of
from connector.syncs.recipients import recipients_of
from privacy.acceptances.pending import pending_decisions
from privacy.backups.regions import check_region
from privacy.breaches.clocks import authority_due, users_due
from privacy.breaches.shapes import Risk
from privacy.consents.purposes import ConsentPurpose, askable
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import SiltaError
from privacy.disclosures.rules import check_disclosure
from privacy.disclosures.shapes import Disclosing
from privacy.documents.keep import give_document
from privacy.identities.people import Person
from privacy.identities.shapes import Identity
from privacy.mails.compose import kept_for
from privacy.notices.render import Version, render_notice
from privacy.profiles import Profile, load, profile
from privacy.profiles.parts import DocumentUse
from privacy.profiles.sharing import Ground
from privacy.retention.rules import day_rules
from privacy.suppressions.check import may_send
from privacy.suppressions.purposes import Sending
from privacy.vault.keyring import Keyring
from tenants.tenants.second_factors import services_require_mfa
from tests.database.notices.conftest import Place

MOMENT = datetime(2026, 3, 2, tzinfo=UTC)
ROBIN = Person(email="robin@example.org", name="Robin Example")
Facts = dict[str, Any]
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


def _kind(facts: Facts, key: str) -> Facts:
    found: Facts = next(one for one in facts["data"] if one["key"] == key)
    return found


def _on(key: str, **changes: Any) -> Callable[[Facts], None]:
    return lambda facts: _kind(facts, key).update(changes)


def _without(key: str, name: str) -> Callable[[Facts], None]:
    def change(facts: Facts) -> None:
        kind = _kind(facts, key)
        kind["fields"] = [one for one in kind["fields"] if one["name"] != name]
        for one in facts["processors"]:
            one["fields"] = [field for field in one["fields"] if field != name]
        listed = facts["disclosures"]["registry_fields"]
        facts["disclosures"]["registry_fields"] = [field for field in listed if field != name]

    return change


def _set(**changes: Any) -> Callable[[Facts], None]:
    return lambda facts: facts.update(changes)


def _in(part: str, **changes: Any) -> Callable[[Facts], None]:
    return lambda facts: facts[part].update(changes)


def _rule(service: str, data: str) -> Act:
    def keep(*_: object) -> int:
        return next(
            one.keep for one in day_rules() if (one.kind.service, one.kind.data) == (service, data)
        )

    return keep


def _refused(act: Act) -> Act:
    """The error's code, or that there was none."""

    def tried(place: Place, work: UnitOfWork, vault: Keyring) -> object:
        try:
            with work.session.begin_nested():
                act(place, work, vault)
        except SiltaError as refusal:
            return refusal.code
        return "done"

    return tried


def _verdict(purpose: Sending, service: str, who: Identity) -> Act:
    def ask(_: Place, work: UnitOfWork, vault: Keyring) -> object:
        said = may_send(work, vault, purpose=purpose, to=who, services=[service])
        return said.reason.value

    return ask


def _inquiry_days(_: Place, work: UnitOfWork, vault: Keyring) -> object:
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


def _unofficial(_: Place, work: UnitOfWork, vault: Keyring) -> object:
    open_inquiry(
        work,
        vault=vault,
        service="V",
        channel=Channel.UNOFFICIAL,
        asked=Asked(Contact(name="Robin", handle="robin"), "Hello"),
        consent=Consent(Unofficial.SKYPE, work.now - timedelta(hours=1)),
    )
    return True


def _asked_host(*_: object) -> object:
    recipients_of(profile("N"), (), loopback=False).check("https://isvapi.netvisor.fi/x")
    return True


def _kept_agent(*_: object) -> object:
    seen = Technical(ip_address="192.0.2.7", user_agent="x")
    return strip_technical(profile("C"), seen).user_agent


def _own_exchange(*_: object) -> object:
    allowed = recipients_of(profile("T"), ("https://pbx.example.com",), loopback=False)
    return bool(allowed.check("https://pbx.example.com/cdr").host)


def _stripped(_: Place, work: UnitOfWork, __: Keyring) -> object:
    return "vat_id" in declared_of(work, CONTACTS, AccountKind.MICROSOFT).undeclared


def _obliged(_: Place, work: UnitOfWork, __: Keyring) -> object:
    return declared_of(work, CONTACTS, AccountKind.NETVISOR).obliged


def _origin(_: Place, work: UnitOfWork, __: Keyring) -> object:
    told = declared_of(work, CONTACTS, AccountKind.NETVISOR)
    return told.subjects.value, told.source.value


def _of_age(place: Place, work: UnitOfWork, vault: Keyring) -> object:
    sent = {"login": "robin", "first_name": "Robin", "last_name": "Example"}
    born = date(MOMENT.year - 19, 1, 1).isoformat()
    sent |= {"email": "robin@example.org", "birth_date": born}
    read_details("V", sent, today=MOMENT.date())
    return True


def _told_to_court(_: Place, work: UnitOfWork, vault: Keyring) -> object:
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


def _document(place: Place, work: UnitOfWork, vault: Keyring) -> object:
    return give_document(
        work,
        vault,
        subject_id=place.alice,
        service="C",
        use=DocumentUse.IDENTIFICATION,
        content=b"%PDF-1.7 a document",
    )


def _archive(place: Place, *_: object) -> object:
    settings = place.installation.settings.model_copy(update={"backup_country": "SE"})
    return check_region(settings, services=["C"])


def _announced(_: Place, work: UnitOfWork, vault: Keyring) -> object:
    """Jobs after the policy was published, and published again with another rule."""
    publish_notices(work, vault)
    facts = profile("T").model_dump()
    facts["breaches"]["users_hours"] = 9
    with _served(facts):
        publish_notices(work, vault)
    count = work.connection.execute(
        text("SELECT count(*) FROM outbox_jobs WHERE name = 'notice.announce'")
    )
    return count.scalar_one()


def _asked_to_accept(_: Place, work: UnitOfWork, vault: Keyring) -> object:
    publish_notices(work, vault)
    return "T" in {row.service for row in pending_decisions(work, rules_of(work))}


EMAIL = Identity.email("robin@example.org")
CASES = (
    Case(
        "data.days: calls",
        "T",
        _on("calls", days=20),
        "20 days, the day of the call",
        lambda _, work, __: kept_days(work).keep,
        30,
        20,
    ),
    Case(
        "data.days: calls, keys", "T", _on("calls", days=20), "20 days", _rule("T", "calls"), 30, 20
    ),
    Case(
        "data.days: sessions",
        "T",
        _on("sessions", days=5),
        "5 days, the day of the visit",
        _rule("console", "sessions"),
        30,
        5,
    ),
    Case(
        "data.days: technical_logs",
        "C",
        _on("technical_logs", days=3),
        "3 days, the day itself",
        _rule("C", "technical_logs"),
        30,
        3,
    ),
    Case(
        "data.days: inquiries",
        "C",
        _on("inquiries", days=100),
        "100 days from the last message",
        _inquiry_days,
        730,
        100,
    ),
    Case(
        "data.days: unofficial_messages",
        "V",
        _on("unofficial_messages", days=4),
        "4 days from its arrival",
        lambda *_: (
            ends_on(profile("V"), channel="unofficial", state="open", last=MOMENT.date())
            - MOMENT.date()
        ),
        timedelta(30),
        timedelta(4),
    ),
    Case(
        "data.days: mails",
        "N",
        _on("mails", days=2),
        "2 days at most",
        lambda *_: kept_for().days,
        7,
        2,
    ),
    Case(
        "data.at_the_end",
        "C",
        _on("inquiries", at_the_end="erased"),
        "then it is erased",
        lambda *_: ConsentPurpose.LONGER_CONTACT in askable(profile("C")),
        True,
        False,
    ),
    Case(
        "data.fields",
        "C",
        _without("inquiries", "company"),
        "E-mail address; Telephone number; Language",
        lambda *_: "company" in fields_of("C"),
        True,
        False,
    ),
    Case(
        "data.fields: technical_logs",
        "C",
        _without("technical_logs", "user_agent"),
        "Data: IP address\n",
        _kept_agent,
        "x",
        None,
    ),
    Case("data.fields: contacts", "M", _without("contacts", "vat_id"), "", _stripped, False, True),
    Case(
        "data.purposes",
        "C",
        _on("inquiries", purposes=("response",)),
        "What it is for: answering you\n",
        _verdict(Sending.FUTURE_COMMUNICATION, "C", EMAIL),
        "not_objected",
        "purpose_not_declared",
    ),
    Case(
        "data.retention",
        "N",
        _on("contacts", retention="accounting_obligation"),
        "until the last duty to keep accounts ends",
        _obliged,
        False,
        True,
    ),
    Case(
        "data.subjects, data.sources",
        "N",
        _on("contacts", subjects="customers", sources=("public_source",), public_sources=("YTJ",)),
        "Where it comes from: public sources: YTJ",
        _origin,
        ("customers_of_customers", "given_by_customer"),
        ("customers", "public_source"),
    ),
    Case(
        "mfa",
        "T",
        _set(mfa="mandatory"),
        "Every user must have a second factor",
        lambda *_: services_require_mfa(["T"]),
        False,
        True,
    ),
    Case(
        "region",
        "C",
        lambda f: (f.update(region="germany"), f["processors"].clear())[0],
        "Data stays in Germany",
        _refused(_archive),
        "done",
        "store_abroad",
    ),
    Case(
        "marketing.stance",
        "V",
        _in("marketing", stance="none", email="none"),
        "Personal data is not used for marketing",
        _verdict(Sending.DIRECT_MARKETING, "V", EMAIL),
        "no_consent",
        "no_marketing",
    ),
    Case(
        "marketing.stance: calls",
        "N",
        _in("marketing", stance="consent"),
        "You get marketing only if you agreed",
        _verdict(Sending.TELEMARKETING, "N", Identity.phone("+12025550143")),
        "not_objected",
        "no_consent",
    ),
    Case(
        "marketing.objections",
        "N",
        _in("marketing", objections=("telemarketing",)),
        "",
        lambda *_: len(objections_of(profile("N"))),
        5,
        1,
    ),
    Case(
        "cookie_policy.categories",
        "V",
        _in("cookie_policy", categories=("functional",)),
        "",
        lambda *_: ConsentPurpose.COOKIES_ANALYTICS in askable(profile("V")),
        True,
        False,
    ),
    Case(
        "unofficial.channels",
        "V",
        _in("unofficial", channels=("linkedin",)),
        "over LinkedIn only",
        lambda *_: ConsentPurpose.CONTACT_SKYPE in askable(profile("V")),
        True,
        False,
    ),
    Case("recipients", "N", lambda f: f["recipients"].pop(), "", _asked_host, True, NotDeclared),
    Case(
        "tenant_recipients",
        "T",
        lambda f: f["tenant_recipients"].pop(0),
        "",
        _own_exchange,
        True,
        NotDeclared,
    ),
    Case(
        "disclosures.grounds",
        "V",
        lambda f: f["disclosures"].update(grounds=("registry",)),
        "",
        _refused(_told_to_court),
        "done",
        "disclosure_not_grounded",
    ),
    Case(
        "documents.asked_for", "C", _set(documents=None), "", _refused(_document), "done", "invalid"
    ),
    Case(
        "registration.minimum_age",
        "V",
        _in("registration", minimum_age=21),
        "You must be 21 years old",
        _refused(_of_age),
        "done",
        "invalid",
    ),
    Case(
        "breaches.authority_hours",
        "T",
        _in("breaches", authority_hours=24),
        "told 24 hours after",
        lambda *_: authority_due(profile("T"), MOMENT) - MOMENT,
        timedelta(hours=72),
        timedelta(hours=24),
    ),
    Case(
        "breaches.users_hours",
        "V",
        _in("breaches", users_hours=6),
        "are told 6 hours after",
        lambda *_: users_due(profile("V"), MOMENT, Risk.RISK),
        MOMENT + timedelta(hours=24),
        MOMENT + timedelta(hours=6),
    ),
    Case(
        "policy.changes",
        "T",
        _in("policy", changes="on_publication"),
        "A change counts from its publication here",
        _announced,
        1,
        0,
    ),
    Case(
        "policy.acceptance",
        "T",
        _in("policy", acceptance="none"),
        "",
        _asked_to_accept,
        True,
        False,
    ),
    Case(
        "policy.dated",
        "T",
        _in("policy", dated=date(2026, 2, 3)),
        "3 February 2026",
        lambda *_: profile("T").policy.dated,
        date(2025, 9, 1),
        date(2026, 2, 3),
    ),
)


@contextmanager
def _served(facts: Facts) -> Iterator[None]:
    """The service has this profile for a while."""
    changed = Profile.model_validate(facts)
    profiles = MappingProxyType({**load._read(), changed.key: changed})
    patch = pytest.MonkeyPatch()
    patch.setattr(load, "_read", lambda: profiles)
    try:
        yield
    finally:
        patch.undo()


def _notice(service: str) -> str:
    rules = profile(service)
    version = Version(1, rules.policy.dated)
    return f"{render_notice(rules, language='en', version=version).text()}\n"


def _done(case: Case, place: Place) -> object:
    """What the service does now; nothing of it stays."""
    vault = place.desk.ring
    outcome: object = None
    with suppress(_Enough), place.desk.tenant(place.tenant) as work:
        try:
            outcome = case.act(place, work, vault)
        except NotDeclared as refusal:
            outcome = type(refusal)
        raise _Enough
    return outcome


class _Enough(Exception):
    """Rolls back."""


@pytest.mark.promise("A12")
@pytest.mark.promise("A13")
@pytest.mark.promise("B1")
@pytest.mark.promise("B2")
@pytest.mark.promise("C10")
@pytest.mark.promise("D2")
@pytest.mark.promise("D3")
@pytest.mark.promise("E2")
@pytest.mark.promise("E3")
@pytest.mark.promise("E4")
@pytest.mark.promise("F3")
@pytest.mark.promise("F6")
def test_text_and_behaviour_change_together(place: Place) -> None:
    wrong: dict[str, object] = {}
    for case in CASES:
        was, done = _notice(case.service), _done(case, place)
        facts = profile(case.service).model_dump()
        for name in ("data", "processors", "recipients", "tenant_recipients", "cookies"):
            facts[name] = [dict(one) for one in facts[name]]
        case.change(facts)
        with _served(facts):
            text_now, done_now = _notice(case.service), _done(case, place)
        assert text_now != was, f"{case.field}: the notice says the same"
        assert case.said in text_now, f"{case.field}: {case.said}"
        assert not case.said or case.said not in was, case.field
        if (done, done_now) != (case.before, case.after):
            wrong[case.field] = (done, done_now)
    assert wrong == {}


TOLD_ONLY = {
    "controller": "facts about a company; its country decides the authority that answers name",
    "description": "a sentence",
    "service": "a name",
    "slug": "part of an address",
    "key": "what everything else is found by",
    "encrypted": "there is no way to store it otherwise",
    "source_documents": "its only effect is on senders' whole documents, which nobody declares",
    "cookies": "tests of the pages hold that they set no other",
    "processors": "the register of processors has its own tests",
}


def test_every_field_is_tried_or_has_no_effect() -> None:
    tried = {case.field.split(":")[0].split(".")[0] for case in CASES}
    assert tried | set(TOLD_ONLY) == set(Profile.model_fields)
    assert not tried & set(TOLD_ONLY)
