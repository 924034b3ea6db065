"""Which services' policies know fields of a tenant's own, and on which records (promise A12)."""

from typing import Final

from connector.free_fields.kinds import About
from connector.inquiries.declared import SERVICES
from privacy.profiles.model import Profile

KIND: Final = "free_fields"
RECORDS: Final = {
    About.CONTACT: "contacts",
    About.INQUIRY: "inquiries",
    About.REGISTRATION: "registrations",
}
"""The kind of data that a field stands beside."""


def takes_fields(rules: Profile, about: About) -> bool:
    """Whether fields of a tenant's own may stand on such records of a service."""
    if about is About.INQUIRY and rules.key not in SERVICES:
        return False
    return rules.declares(KIND) and rules.declares(RECORDS[about])
