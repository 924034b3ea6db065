"""Who may do what: permissions as a closed list, roles as data, one pure question.

A route names one permission; a role or an API key is a set of them. Nothing else decides.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from tenants.principals import Principal, PrincipalKind, Stage


class Permission(StrEnum):
    """`resource:action`."""

    OVERVIEW_READ = "overview:read"
    CALLS_WRITE = "calls:write"
    CALLS_SEARCH = "calls:search"
    CALLS_READ = "calls:read"
    CALLS_EXPORT = "calls:export"
    INQUIRIES_READ = "inquiries:read"
    INQUIRIES_WRITE = "inquiries:write"
    FORMS_READ = "forms:read"
    FORMS_WRITE = "forms:write"
    REGISTRATIONS_READ = "registrations:read"
    REGISTRATIONS_CHECK = "registrations:check"
    CONTACTS_READ = "contacts:read"
    CONTACTS_WRITE = "contacts:write"
    PRODUCTS_READ = "products:read"
    SUBSCRIPTIONS_READ = "subscriptions:read"
    INVOICES_READ = "invoices:read"
    CONSENTS_READ = "consents:read"
    CONSENTS_WRITE = "consents:write"
    OBJECTIONS_READ = "objections:read"
    OBJECTIONS_WRITE = "objections:write"
    SUPPRESSIONS_CHECK = "suppressions:check"
    REQUESTS_READ = "subject_requests:read"
    REQUESTS_WRITE = "subject_requests:write"
    STATISTICS_READ = "statistics:read"
    ACCOUNTS_READ = "accounts:read"
    ACCOUNTS_WRITE = "accounts:write"
    ACCOUNTS_DELETE = "accounts:delete"
    MAPPINGS_WRITE = "mappings:write"
    FIELDS_WRITE = "fields:write"
    CHARGES_WRITE = "charges:write"
    API_KEYS_READ = "api_keys:read"
    API_KEYS_WRITE = "api_keys:write"
    EVENTS_READ = "events:read"
    EVENTS_WRITE = "events:write"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    TENANT_READ = "tenant:read"
    TENANT_WRITE = "tenant:write"
    POLICY_DECIDE = "policy:decide"
    LEDGER_READ = "ledger:read"
    RETENTION_READ = "retention:read"
    PROMISES_READ = "promises:read"
    DISCLOSURES_READ = "disclosures:read"
    DISCLOSURES_WRITE = "disclosures:write"
    BREACHES_READ = "breaches:read"
    BREACHES_WRITE = "breaches:write"
    PROCESSORS_READ = "processors:read"
    PROCESSORS_WRITE = "processors:write"
    EXPORTS_READ = "exports:read"
    EXPORTS_WRITE = "exports:write"
    SESSIONS_OWN = "sessions:own"
    PROFILE_OWN = "profile:own"
    PASSWORD_OWN = "password:own"  # noqa: S105 — the name of a permission
    SECOND_FACTOR_OWN = "second_factor:own"
    TENANTS_READ = "tenants:read"
    TENANTS_MANAGE = "tenants:manage"
    JOBS_READ = "jobs:read"
    JOBS_RETRY = "jobs:retry"
    MAILS_READ = "mails:read"
    MAILS_SEND = "mails:send"
    SIGNALS_READ = "signals:read"
    CHECKS_READ = "checks:read"
    CHECKS_WRITE = "checks:write"
    USERS_MANAGE = "users:manage"
    MARKETPLACE_READ = "marketplace:read"
    MARKETPLACE_ORDER = "marketplace:order"


class Role(StrEnum):
    """A person's part in one tenant. `operator` exists in the installation tenant only."""

    OWNER = "owner"
    ADMIN = "admin"
    AGENT = "agent"
    AUDITOR = "auditor"
    OPERATOR = "operator"


_P = Permission
OWN = frozenset({_P.SESSIONS_OWN, _P.PROFILE_OWN, _P.PASSWORD_OWN, _P.SECOND_FACTOR_OWN})
"""What everybody may do with their own account, whatever the role."""

_OPERATION = frozenset(
    {
        _P.TENANTS_READ,
        _P.TENANTS_MANAGE,
        _P.JOBS_READ,
        _P.JOBS_RETRY,
        _P.MAILS_READ,
        _P.MAILS_SEND,
        _P.SIGNALS_READ,
        _P.CHECKS_READ,
        _P.CHECKS_WRITE,
        _P.USERS_MANAGE,
    }
)
MARKETPLACE = frozenset({_P.MARKETPLACE_READ, _P.MARKETPLACE_ORDER})
"""What a marketplace's key may do, and nobody else may."""

_OWNER = frozenset(Permission) - _OPERATION - MARKETPLACE

GRANTS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.OWNER: _OWNER,
        Role.ADMIN: _OWNER - {_P.TENANT_WRITE},
        Role.AGENT: OWN
        | {
            _P.OVERVIEW_READ,
            _P.CALLS_SEARCH,
            _P.CALLS_READ,
            _P.CONTACTS_READ,
            _P.CONTACTS_WRITE,
            _P.PRODUCTS_READ,
            _P.SUBSCRIPTIONS_READ,
            _P.INQUIRIES_READ,
            _P.INQUIRIES_WRITE,
            _P.CONSENTS_READ,
            _P.CONSENTS_WRITE,
            _P.OBJECTIONS_READ,
            _P.OBJECTIONS_WRITE,
            _P.SUPPRESSIONS_CHECK,
            _P.REQUESTS_READ,
            _P.REQUESTS_WRITE,
            _P.REGISTRATIONS_READ,
            _P.REGISTRATIONS_CHECK,
            _P.STATISTICS_READ,
            _P.ACCOUNTS_READ,
        },
        # An auditor sees that the service is run properly, and no call.
        Role.AUDITOR: OWN
        | {
            _P.OVERVIEW_READ,
            _P.STATISTICS_READ,
            _P.ACCOUNTS_READ,
            _P.API_KEYS_READ,
            _P.EVENTS_READ,
            _P.FORMS_READ,
            _P.PEOPLE_READ,
            _P.TENANT_READ,
            _P.LEDGER_READ,
            _P.RETENTION_READ,
            _P.PROMISES_READ,
            _P.BREACHES_READ,
            _P.PROCESSORS_READ,
        },
        # An operator runs the installation and sees into no tenant.
        Role.OPERATOR: OWN
        | _OPERATION
        | {_P.OVERVIEW_READ, _P.PEOPLE_READ, _P.PEOPLE_WRITE, _P.LEDGER_READ, _P.RETENTION_READ}
        | {_P.PROMISES_READ, _P.BREACHES_READ, _P.BREACHES_WRITE}
        | {_P.PROCESSORS_READ, _P.PROCESSORS_WRITE}
        # Of people who know no organisation, and came by letter or telephone.
        | {_P.REQUESTS_READ, _P.REQUESTS_WRITE},
    }
)

KEY_SCOPES = frozenset(
    {
        _P.CALLS_WRITE,
        _P.CALLS_SEARCH,
        _P.CALLS_READ,
        _P.CALLS_EXPORT,
        _P.CONTACTS_READ,
        _P.CONTACTS_WRITE,
        _P.PRODUCTS_READ,
        _P.SUBSCRIPTIONS_READ,
        _P.INVOICES_READ,
        _P.INQUIRIES_READ,
        _P.INQUIRIES_WRITE,
        _P.CONSENTS_READ,
        _P.CONSENTS_WRITE,
        _P.OBJECTIONS_READ,
        _P.OBJECTIONS_WRITE,
        _P.SUPPRESSIONS_CHECK,
        _P.REQUESTS_READ,
        _P.REQUESTS_WRITE,
        _P.STATISTICS_READ,
        _P.ACCOUNTS_READ,
        _P.MAPPINGS_WRITE,
        _P.CHARGES_WRITE,
        _P.EVENTS_READ,
        _P.EVENTS_WRITE,
        _P.PROMISES_READ,
        _P.BREACHES_READ,
        _P.BREACHES_WRITE,
        _P.DISCLOSURES_READ,
        _P.DISCLOSURES_WRITE,
        _P.PROCESSORS_READ,
        _P.PROCESSORS_WRITE,
        _P.EXPORTS_READ,
        _P.EXPORTS_WRITE,
    }
)
"""What an API key can be given. Nothing that makes people or keys: a key begets no key."""

ASSIGNABLE: Mapping[Role, frozenset[Role]] = MappingProxyType(
    {
        Role.OWNER: frozenset({Role.OWNER, Role.ADMIN, Role.AGENT, Role.AUDITOR}),
        Role.ADMIN: frozenset({Role.ADMIN, Role.AGENT, Role.AUDITOR}),
        Role.OPERATOR: frozenset({Role.OPERATOR}),
    }
)
"""The roles that a role can give, take or change: only an owner touches an owner."""

_BEFORE_FULL: Mapping[Stage, frozenset[Permission]] = MappingProxyType(
    {
        Stage.PASSWORD: frozenset(),
        Stage.RENEW: frozenset({_P.PASSWORD_OWN}),
        Stage.ENROL: frozenset({_P.SECOND_FACTOR_OWN}),
    }
)


def permissions_of(principal: Principal) -> frozenset[Permission]:
    """Everything that `principal` may do now. A half-finished sign-in may next to nothing."""
    if principal.kind in (PrincipalKind.NOBODY, PrincipalKind.REGISTRANT):
        return frozenset()
    if principal.kind is PrincipalKind.USER:
        granted = GRANTS[Role(principal.role)] if principal.role else OWN
        return granted & _BEFORE_FULL.get(principal.stage, granted)
    if principal.kind is PrincipalKind.MARKETPLACE:
        return MARKETPLACE
    return KEY_SCOPES & {Permission(scope) for scope in principal.scopes}


def allows(principal: Principal, permission: Permission) -> bool:
    """Whether `principal` may do what `permission` names. Deny by default."""
    return permission in permissions_of(principal)
