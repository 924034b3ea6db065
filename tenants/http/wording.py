"""Roles and rights in words."""

from typing import Final

from tenants.permissions import Permission, Role

ROLES: Final = {
    Role.OWNER: ("Owner", "Everything, and the organisation’s settings."),
    Role.ADMIN: ("Administrator", "Everything except the organisation’s settings."),
    Role.AGENT: ("Agent", "Searches and reads calls, answers inquiries."),
    Role.AUDITOR: ("Auditor", "Sees settings, people and the ledger, and no call."),
    Role.OPERATOR: ("Operator", "Runs the installation, and sees into no organisation."),
}
SCOPES: Final = {
    Permission.CALLS_WRITE: "Send calls",
    Permission.CALLS_SEARCH: "Search calls",
    Permission.CALLS_READ: "Read a call",
    Permission.CALLS_EXPORT: "Export calls",
    Permission.INQUIRIES_READ: "Find and read inquiries",
    Permission.INQUIRIES_WRITE: "Record, answer and close inquiries",
    Permission.CONTACTS_READ: "Find and read contacts",
    Permission.CONTACTS_WRITE: "Record and change contacts",
    Permission.PRODUCTS_READ: "Read products",
    Permission.SUBSCRIPTIONS_READ: "Read subscriptions",
    Permission.INVOICES_READ: "Read invoices",
    Permission.CONSENTS_READ: "Read consents",
    Permission.CONSENTS_WRITE: "Record and withdraw consents",
    Permission.OBJECTIONS_READ: "Read objections",
    Permission.OBJECTIONS_WRITE: "Record and end objections",
    Permission.SUPPRESSIONS_CHECK: "Ask whether something may be sent",
    Permission.REQUESTS_READ: "Read subject requests",
    Permission.REQUESTS_WRITE: "Record and answer subject requests",
    Permission.STATISTICS_READ: "Read counts",
    Permission.ACCOUNTS_READ: "See connected systems",
    Permission.CHARGES_WRITE: "Bill calls",
    Permission.MAPPINGS_WRITE: "Try and save mappings",
    Permission.EVENTS_READ: "See event endpoints",
    Permission.EVENTS_WRITE: "Change event endpoints",
    Permission.PROMISES_READ: "See how promises are kept",
    Permission.DISCLOSURES_READ: "Read the register of disclosures",
    Permission.DISCLOSURES_WRITE: "Record disclosures",
    Permission.BREACHES_READ: "Read the register of breaches",
    Permission.BREACHES_WRITE: "Record and settle losses of data",
    Permission.PROCESSORS_READ: "Read processors and records of processing",
    Permission.PROCESSORS_WRITE: "Announce, refuse and end processors",
    Permission.EXPORTS_READ: "See archives of the organisation",
    Permission.EXPORTS_WRITE: "Make and fetch archives of everything the organisation has",
}


def role_name(role: str | None) -> str:
    """`Administrator`; for nobody, nothing."""
    return ROLES[Role(role)][0] if role else ""


def scope_name(scope: str) -> str:
    """`Send calls`."""
    return SCOPES[Permission(scope)]
