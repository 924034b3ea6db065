"""Every probe of this house. A room adds its own here, beside the others."""

from typing import Final

from connector.promises import accounts, calls, inquiries, notices, pages, published, records
from privacy.backups import promises as archives
from privacy.moves import promises as moves
from privacy.promises import house, overseen, people, registers
from privacy.promises.probes import Probe
from tenants import promises as users

PROBES: Final[tuple[Probe, ...]] = (
    *house.PROBES,
    *archives.PROBES,
    *moves.PROBES,
    *people.PROBES,
    *registers.PROBES,
    *overseen.PROBES,
    *users.PROBES,
    *records.PROBES,
    *calls.PROBES,
    *inquiries.PROBES,
    *pages.PROBES,
    *published.PROBES,
    *notices.PROBES,
    *accounts.PROBES,
)
