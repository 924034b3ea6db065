"""API keys for those who send."""

import uuid

from bench.sites import Site
from tenants.api_keys.create import create_api_key
from tenants.permissions import Permission


def api_key(site: Site, tenant_id: uuid.UUID) -> dict[str, str]:
    """The headers of a new key that may send and search calls."""
    scopes = (Permission.CALLS_WRITE, Permission.CALLS_SEARCH)
    with site.work(tenant_id).begin() as work:
        made = create_api_key(site.house.vault, work, name="Sender", scopes=scopes)
    return {"Authorization": f"Bearer {made.text}", "Content-Type": "application/json"}
