"""Change one's name."""

import uuid

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.core.writings import is_name
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring
from tenants.sealed_fields import USER_EMAIL, USER_NAME
from tenants.users.find import get_user
from tenants.users.models import IDENTITY_VERSION

LONGEST = 120


def rename_user(ring: Keyring, work: UnitOfWork, *, user_id: uuid.UUID, name: str) -> None:
    """Seal another name. The address is sealed again with it, for both share one version.

    Raises:
        Invalid: no name, or a very long one. NotFound.
    """
    if not is_name(name, longest=LONGEST):
        raise Invalid(fields={"name": f"Enter a name of at most {LONGEST} characters."})
    user = get_user(work, user_id=user_id, lock=True)
    before = user.identity_version
    email = USER_EMAIL.open(ring, work, user.id, user.email_sealed, version=before)
    user.identity_version = before + 1
    IDENTITY_VERSION.witness(work, row_id=user.id, version=before + 1)
    user.email_sealed = USER_EMAIL.seal(ring, work, user.id, email, version=before + 1)
    user.name_sealed = USER_NAME.seal(ring, work, user.id, name.strip(), version=before + 1)
    work.session.flush()
    record(work, Event.USER_CHANGED, subject=user_id, facts={"what": "name"})
