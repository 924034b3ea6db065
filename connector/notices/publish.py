"""Publish every notice of a tenant that says something new, and let the data follow it."""

from connector.notices.fields import with_own_fields
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import UnitOfWork
from privacy.notices.publish import Published, publish_notice
from privacy.profiles import load_profiles
from privacy.profiles.model import Profile
from privacy.vault.keyring import Keyring
from tenants.tenants.profiles import profiles_of
from tenants.tenants.views import get_tenant, view_tenant


def publish_notices(work: UnitOfWork, vault: Keyring) -> dict[str, Published]:
    """The bound tenant's notices, one for each of its services; the installation's are those of
    the services themselves, for whoever does not know which organisation to ask.

    Nothing is published twice, so this may be called after anything and at any time.
    """
    rules, organisation = rules_of(work), organisation_of(work, vault)
    return {
        one.key: publish_notice(work, vault, rules=one, organisation=organisation) for one in rules
    }


def rules_of(work: UnitOfWork) -> list[Profile]:
    """Profiles that the bound tenant publishes, with the fields that it declared (promise A11); a
    terminated tenant's are none."""
    if work.tenant_id == INSTALLATION_ID:
        return list(load_profiles().values())
    if get_tenant(work).state == "terminated":
        return []
    return with_own_fields(work, profiles_of(work))


def organisation_of(work: UnitOfWork, vault: Keyring) -> str:
    """The bound tenant's name; empty for the installation, whose notices are the services'."""
    return "" if work.tenant_id == INSTALLATION_ID else view_tenant(vault, work).name
