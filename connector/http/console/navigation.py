"""The menu: each entry shows for whom its page would open, by the page's own declaration."""

from dataclasses import dataclass
from typing import Final

from flask import current_app, request

from privacy.core.errors import SiltaError
from tenants.http.access import access_of
from tenants.http.callers import caller
from tenants.http.guard import check
from tenants.permissions import Role


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu."""

    endpoint: str
    label: str
    icon: str

    @property
    def current(self) -> bool:
        """Whether the page being shown is this one, or one below it."""
        return request.blueprint == self.endpoint.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under a title."""

    title: str
    entries: tuple[Entry, ...]


MENU: Final = (
    Group(
        "",
        (
            Entry("overview.show", "Overview", "overview"),
            Entry("calls.search", "Calls", "calls"),
            Entry("contacts.index", "Contacts", "contacts"),
            Entry("invoices.index", "Invoices", "invoices"),
            Entry("subscriptions.index", "Subscriptions", "subscriptions"),
            Entry("inquiries.index", "Inquiries", "mails"),
            Entry("registrations.index", "Registrations", "me"),
            Entry("accounts.index", "Connected systems", "accounts"),
            Entry("documents.index", "Sent to systems", "invoices"),
            Entry("charging.show", "Call charges", "invoices"),
        ),
    ),
    Group(
        "Privacy",
        (
            Entry("notices.index", "Privacy notices", "lock"),
            Entry("consents.index", "Consents", "consents"),
            Entry("objections.index", "Objections", "objections"),
            Entry("subjects.index", "Subject requests", "me"),
            Entry("ended_days.index", "Ended days", "ledger"),
            Entry("informing.index", "People to inform", "people"),
            Entry("stale.index", "Stale data", "jobs"),
            Entry("disclosures.index", "Disclosures", "out"),
            Entry("breaches.index", "Breaches", "signals"),
            Entry("processors.index", "Processors", "tenants"),
            Entry("promises.show", "Promises", "ledger"),
        ),
    ),
    Group(
        "Organisation",
        (
            Entry("people.index", "People", "people"),
            Entry("api_keys.index", "API keys", "keys"),
            Entry("events.index", "Events", "events"),
            Entry("free_fields.index", "Fields of your own", "settings"),
            Entry("exports.index", "Your archives", "vault"),
            Entry("ledger.index", "Ledger", "ledger"),
            Entry("tenant.show", "Settings", "settings"),
        ),
    ),
)
INSTALLATION: Final = Group(
    "Installation",
    (
        Entry("tenants.index", "Organisations", "tenants"),
        Entry("marketplaces.index", "Marketplaces", "marketplaces"),
        Entry("jobs.index", "Jobs", "jobs"),
        Entry("mails.index", "Mails", "mails"),
        Entry("signals.index", "Intrusion signals", "signals"),
        Entry("checks.index", "Checks", "ledger"),
        Entry("keys.index", "Encryption keys", "vault"),
        Entry("backups.index", "Archives", "vault"),
    ),
)
OPERATORS: Final = (
    Entry("promises.show", "Promises", "ledger"),
    Entry("subjects.index", "Subject requests", "me"),
    Entry("breaches.index", "Breaches", "signals"),
    Entry("processors.index", "Processors", "tenants"),
    Entry("people.index", "Operators", "people"),
    Entry("ledger.index", "Ledger", "ledger"),
)


def groups() -> list[Group]:
    """The menu as the caller sees it; empty groups are left out.

    An operator's work begins with the installation.
    """
    if caller().role == Role.OPERATOR:
        return [Group("", INSTALLATION.entries), Group("", OPERATORS)]
    seen = (Group(g.title, tuple(e for e in g.entries if _opens(e.endpoint))) for g in MENU)
    return [group for group in seen if group.entries]


def _opens(endpoint: str) -> bool:
    view = current_app.view_functions.get(endpoint)
    access = access_of(view) if view else None
    if access is None:
        return False
    try:
        check(access, caller())
    except SiltaError:
        return False
    return True
