"""What else is in the demo: contacts, forms with inquiries, an endpoint of events, call prices."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select

from connector.charging.prices import Prices, Rule, list_prices, save_prices
from connector.contacts.shelf import CONTACTS
from connector.contacts.write import Entry, create_contact
from connector.events_out.endpoints import Wish, add_endpoint
from connector.events_out.find import list_endpoints
from connector.events_out.kinds import EventKind
from connector.inquiries.channels import Channel
from connector.inquiries.contents import Technical
from connector.inquiries.declared import read_fields
from connector.inquiries.forms.change import FormSettings, add_form
from connector.inquiries.forms.find import list_forms
from connector.inquiries.forms.models import WebForm
from connector.inquiries.forms.refs import ref_of
from connector.inquiries.models import Inquiry
from connector.inquiries.open import open_inquiry
from connector.synced.shapes import Contact
from jobs.demo.memory import DemoMemory
from jobs.demo.sample_calls import KNOWN
from jobs.demo.simulators import hook_url
from jobs.installation import Installation
from privacy.core.db.work import SYSTEM, UnitOfWork

NOTICE: Final = "https://www.example.com/privacy"
_INQUIRY: Final = FormSettings(
    name="Contact page",
    service="C",
    notice_url=NOTICE,
    origins=("https://www.example.com",),
    answers_to="office@example.com",
)
REGISTRATION: Final = FormSettings(
    name="Registration",
    service="V",
    purpose="registration",
    notice_url=NOTICE,
    conditions_url="https://www.example.com/conditions",
    conditions_version="2026-01",
    level_url="https://www.example.com/service-level",
    level_version="3",
)
_INQUIRIES: Final = (
    ("Ida Exempel", "ida@example.org", "Do you move whole offices to the cloud, or only mail?"),
    ("Jürgen Beispiel", "juergen@example.org", "Please call me about the backup of our branch."),
    ("Aino Esimerkki", "aino@example.org", "Our invoice names the wrong company."),
)
_CALLS_PRODUCT: Final = "CALLS"
_PRICES: Final = (
    Rule("outbound", "", Decimal("0.05"), Decimal("0.12")),
    Rule("outbound", "+44", Decimal("0.02"), Decimal("0.03")),
    Rule("inbound", "", Decimal(0), Decimal("0.01")),
    Rule("internal", "", Decimal(0), Decimal(0)),
)
"""What the demo's calls cost; jobs.demo.paying names who pays, once the books were read."""
_TOLD: Final = (EventKind.INQUIRY_RECEIVED, EventKind.ACCOUNT_STATE_CHANGED)


def furnish(installation: Installation, memory: DemoMemory) -> None:
    """Each part in one transaction, unless it is there already."""
    for part in (_add_endpoint, _add_contacts, _add_forms, _add_inquiries, _add_prices):
        with installation.desk.tenant(uuid.UUID(memory.tenant_id), SYSTEM) as work:
            part(installation, work, memory)


def _add_endpoint(installation: Installation, work: UnitOfWork, memory: DemoMemory) -> None:
    if not list_endpoints(work):
        wish = Wish("Demo helpdesk", hook_url(memory), _TOLD)
        add_endpoint(work, vault=installation.vault, wish=wish, loopback=True)


def _add_contacts(installation: Installation, work: UnitOfWork, memory: DemoMemory) -> None:
    c = CONTACTS.table.c
    own = select(func.count()).where(c.tenant_id == work.tenant_id, c.account_id.is_(None))
    if work.connection.execute(own).scalar():
        return
    for company, person, number in KNOWN:
        contact = Contact(name=company, contact_person=person, phones=(number,))
        create_contact(work, vault=installation.vault, entry=Entry(contact))


def _add_prices(installation: Installation, work: UnitOfWork, memory: DemoMemory) -> None:
    """From the beginning of the last month on, so that the first month shown has prices."""
    if list_prices(work):
        return
    before = work.today.replace(day=1) - timedelta(days=1)
    prices = Prices(before.replace(day=1), "EUR", Decimal("25.5"), _CALLS_PRODUCT, _PRICES)
    save_prices(work, prices=prices)


def _add_forms(installation: Installation, work: UnitOfWork, memory: DemoMemory) -> None:
    memory.form_key = _form(installation, work, _INQUIRY).key
    memory.register_key = _form(installation, work, REGISTRATION).key


def _form(installation: Installation, work: UnitOfWork, settings: FormSettings) -> WebForm:
    known = next((row for row in list_forms(work) if row.name == settings.name), None)
    return known or add_form(work, vault=installation.vault, settings=settings)


def _add_inquiries(installation: Installation, work: UnitOfWork, memory: DemoMemory) -> None:
    if work.session.scalar(select(func.count()).select_from(Inquiry)):
        return
    form = ref_of(work, _form(installation, work, _INQUIRY))
    for name, email, message in _INQUIRIES:
        sent = {"name": name, "email": email, "message": message}
        open_inquiry(
            work,
            vault=installation.vault,
            service=form.service,
            channel=Channel(form.channel),
            asked=read_fields(form.service, sent),
            technical=Technical(ip_address="192.0.2.7", user_agent="Mozilla/5.0"),
            form_id=form.id,
            notice=form.notice,
        )
