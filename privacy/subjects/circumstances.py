"""What Art. 15(1) wants said beside the data, from declarations and profiles: it cannot drift."""

from collections.abc import Sequence
from typing import Any

from privacy.core.db.base import Base
from privacy.core.db.declarations import Personal
from privacy.core.db.work import UnitOfWork
from privacy.disclosures.find import recipients_of
from privacy.profiles import profile
from privacy.profiles.sharing import EEA
from privacy.subjects.authorities import authority_text
from privacy.subjects.clerks import Clerk
from privacy.subjects.holders import Holder
from privacy.subjects.languages import words_of
from privacy.subjects.models import SubjectRequest
from privacy.subjects.seals import subject_of


def about(holder: Holder) -> dict[str, list[str]]:
    """What the declarations of a holder's columns say."""
    tables = Base.metadata.tables
    declared = [
        column.info["holds"]
        for name in sorted(holder.tables)
        for column in tables[name].columns
        if isinstance(column.info["holds"], Personal)
    ]
    ends = sorted({one.retention.value for one in declared})
    said = words_of("en")["retention"]
    return {
        "categories": sorted({one.category for one in declared}),
        "purposes": sorted({one.purpose.value for one in declared}),
        "bases": sorted({one.basis.value for one in declared}),
        "subjects": sorted({one.subjects.value for one in declared}),
        "retentions": ends,
        "kept": sorted({said[one] for one in ends}),
    }


def told_to(work: UnitOfWork, clerk: Clerk, row: SubjectRequest) -> list[str]:
    """Who got the person's data, by name (Art. 15(1)(c)): systems that have their records, and
    everybody in the register of disclosures."""
    subject = subject_of(work, clerk.vault, row)
    steps: Sequence[str] = clerk.recipients(work, clerk.vault, subject)
    systems = clerk.named(work, clerk.vault, steps)
    told = [one.name for one in recipients_of(work, clerk.vault, subject.person)]
    return list(dict.fromkeys([*(systems.get(one, one) for one in steps), *told]))


def circumstances(row: SubjectRequest) -> dict[str, Any]:
    """Who answers for the data, who works on it and where, by the service's profile (Art. 15(1)(c),
    (2)); and what the person can do."""
    one = profile(row.service)
    controller = one.controller
    known = (controller.address, controller.phone, controller.email, controller.website)
    return {
        "service": one.service,
        "controller": {"name": controller.name, "reached": [part for part in known if part]},
        "processors": [
            {
                "name": each.name,
                "role": each.role,
                "country": each.country,
                "transfer": each.footing.value if each.footing else "",
                "fields": list(each.fields),
                "statement": each.statement_url,
            }
            for each in one.processors
        ],
        "transfers": sorted({each.country for each in one.processors if each.country not in EEA}),
        "authority": authority_text(row.country),
        "automated_decisions": False,
    }
