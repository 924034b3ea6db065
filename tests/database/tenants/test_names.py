"""Names of organisations, people and keys are one line of what can be seen."""

import pytest

from privacy.core.errors import Invalid
from tenants.api_keys.create import create_api_key
from tenants.permissions import Permission
from tenants.tenants.change import rename_tenant
from tenants.tenants.create import create_tenant
from tenants.users.create import create_user
from tenants.users.rename import rename_user
from tests.database.tenants.conftest import House

BAD = ("A\x00B", "Example\nBcc: somebody@example.org", "exa\u202eelpm")


@pytest.mark.attack(53)
def test_nobody_is_called_what_ends_a_line_or_reads_otherwise(house: House) -> None:
    ring, scopes = house.desk.ring, [Permission.CALLS_WRITE]
    for name in BAD:
        with pytest.raises(Invalid):
            create_tenant(house.desk, name=name, services=("T",))
        with house.desk.tenant(house.tenant, house.principal(house.alice).actor) as work:
            with pytest.raises(Invalid):
                rename_tenant(ring, work, name=name)
            with pytest.raises(Invalid):
                create_api_key(ring, work, name=name, scopes=scopes)
        with house.desk.installation() as work:
            with pytest.raises(Invalid):
                create_user(ring, work, email="new@example.com", name=name)
            with pytest.raises(Invalid):
                rename_user(ring, work, user_id=house.alice, name=name)
