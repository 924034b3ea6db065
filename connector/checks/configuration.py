"""Parts of the security configuration of the running installation, in plain values.

Secrets are not among them: of a URL its scheme and its protection are, and no more.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import Engine, text

from privacy.core.settings import Settings
from privacy.profiles import load_profiles
from tenants.http import headers, rates
from tenants.limits.rules import RULES
from tenants.passwords.hashing import Cost
from tenants.permissions import GRANTS, KEY_SCOPES

_TABLES: Final = text(
    "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class "
    "WHERE relkind IN ('r', 'p') AND NOT relispartition "
    "AND relnamespace = 'public'::regnamespace ORDER BY relname"
)
_POLICIES: Final = text(
    "SELECT tablename, policyname, cmd, roles::text, coalesce(qual, ''), coalesce(with_check, '') "
    "FROM pg_policies WHERE schemaname = 'public' "
    "AND tablename NOT IN (SELECT relname FROM pg_class WHERE relispartition) "
    "ORDER BY tablename, policyname"
)
_GRANTED: Final = text(
    "SELECT relname, coalesce(relacl::text, '') FROM pg_class "
    "WHERE relkind IN ('r', 'p', 'v', 'm') AND NOT relispartition "
    "AND relnamespace = 'public'::regnamespace ORDER BY relname"
)
_ROLES: Final = text(
    "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication "
    "FROM pg_roles WHERE rolname LIKE 'silta%' ORDER BY rolname"
)
_FUNCTIONS: Final = text(
    "SELECT proname, prosecdef FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
    "ORDER BY proname, prosecdef"
)


def configuration_of(settings: Settings, engine: Engine) -> Mapping[str, Any]:
    """Everything that is compared, by name."""
    return {
        "headers": {"policy": headers.POLICY, "hsts": settings.secure_cookies},
        "permissions": {role.value: sorted(rights) for role, rights in GRANTS.items()},
        "key_scopes": sorted(KEY_SCOPES),
        "limits.requests": [rates.PEOPLE, rates.STRANGERS],
        "limits.guessing": {str(key): str(rule) for key, rule in RULES.items()},
        "passwords": repr(Cost()),
        "mfa": {key: one.mfa for key, one in load_profiles().items()},
        **{f"settings.{name}": value for name, value in _settings(settings).items()},
        **{f"database.{name}": value for name, value in _database(engine).items()},
    }


def _settings(settings: Settings) -> Mapping[str, Any]:
    urls = [*settings.database_urls(), settings.redis_url]
    mail = urlsplit(settings.smtp_url.get_secret_value()).scheme if settings.smtp_url else ""
    return {
        "env": settings.env,
        "public_scheme": urlsplit(settings.public_url).scheme,
        "trusted_proxies": settings.trusted_proxies,
        "bind": settings.bind.rpartition(":")[0],
        # Which there are, not how many: each kind of process has URLs of its own.
        "schemes": sorted({urlsplit(url.get_secret_value()).scheme for url in urls}),
        "mail": mail,
        "loopback": settings.outbound_loopback,
        "own_authority": settings.outbound_ca_file is not None,
        "ledger_pinned": settings.ledger_public_key is not None,
        "log_level": settings.log_level,
    }


def _database(engine: Engine) -> Mapping[str, Any]:
    asked = {
        "row_security": _TABLES,
        "policies": _POLICIES,
        "grants": _GRANTED,
        "roles": _ROLES,
        "functions": _FUNCTIONS,
    }
    with engine.connect() as connection:
        return {
            name: [list(row) for row in connection.execute(statement)]
            for name, statement in asked.items()
        }
