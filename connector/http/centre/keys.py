"""The public key of a centre: the tenant's id in 22 letters. It opens nothing but public pages."""

import base64
import re
import uuid
from typing import Final

from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.errors import NotFound

SERVICES: Final = "services"
"""The centre of the installation itself: the services' own notices."""
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{22}")


def centre_key(tenant_id: uuid.UUID) -> str:
    """What stands in addresses."""
    if tenant_id == INSTALLATION_ID:
        return SERVICES
    return base64.urlsafe_b64encode(tenant_id.bytes).rstrip(b"=").decode()


def tenant_behind(key: str) -> uuid.UUID:
    """Whose centre it would be. Raises NotFound for what is no key."""
    if key == SERVICES:
        return INSTALLATION_ID
    if _KEY.fullmatch(key) is None:
        raise NotFound
    found = uuid.UUID(bytes=base64.urlsafe_b64decode(f"{key}=="))
    if found == INSTALLATION_ID or centre_key(found) != key:
        raise NotFound
    return found
