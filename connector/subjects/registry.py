"""Every holder of personal data of this house, in the order in which it is erased.

What leads to other records goes last, so that a run that is killed finds them again.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from connector.calls.cells import to_cell
from connector.calls.holder import CallHolder
from connector.contacts.holder import ContactHolder
from connector.inquiries.holder import InquiryHolder
from connector.invoices.shelf import INVOICES
from connector.outgoing.holder import OutgoingHolder
from connector.payments.shelf import PAYMENTS
from connector.registrations.holder import RegistrationHolder
from connector.subjects.recipients import names_of, recipients_of
from connector.subscriptions.shelf import SUBSCRIPTIONS
from connector.synced.holder import RecordHolder
from privacy.consents.holder import ConsentHolder
from privacy.core.db.work import UnitOfWork
from privacy.disclosures.holder import DisclosureHolder
from privacy.mails.holder import MailHolder
from privacy.objections.holder import ObjectionHolder, SuppressionHolder
from privacy.subjects.clerks import Clerk
from privacy.subjects.holder import RequestHolder
from privacy.subjects.holders import Holder
from privacy.vault.keyring import Keyring
from tenants.tenants.views import view_tenant

_CONTACTS: Final = ContactHolder()
HOLDERS: Final[tuple[Holder, ...]] = (
    CallHolder(),
    OutgoingHolder(),
    RecordHolder(SUBSCRIPTIONS, "Subscriptions"),
    RecordHolder(PAYMENTS, "Payments"),
    RecordHolder(INVOICES, "Invoices"),
    InquiryHolder(),
    RegistrationHolder(),
    ConsentHolder(),
    ObjectionHolder(),
    SuppressionHolder(),
    DisclosureHolder(),
    MailHolder(),
    _CONTACTS,
    RequestHolder(),
)
UNHELD: Final[Mapping[str, str]] = MappingProxyType(
    {
        "confirmations": "waits for its code for a day at most, has no effect, nobody proved it",
        "export_parts": "a copy of the rest, which a trigger deletes as soon as anybody is erased",
        "export_day_parts": "a copy of calls, which a trigger deletes as soon as anybody is erased",
    }
)
"""Tables with personal data of customers' customers that no holder has, and why."""


def clerk_of(work: UnitOfWork, vault: Keyring, *, sending: bool) -> Clerk:
    """What use cases of the bound tenant's requests are given."""
    return Clerk(
        vault=vault,
        holders=HOLDERS,
        tracing=_CONTACTS,
        tenant=view_tenant(vault, work).name,
        sending=sending,
        cell=to_cell,
        recipients=recipients_of,
        named=names_of,
    )
