"""Which steps a request takes: noted when the person is identified, before anything changes."""

from privacy.core.db.work import UnitOfWork
from privacy.subjects.clerks import Clerk
from privacy.subjects.corrections import Rectifying, open_correction
from privacy.subjects.holders import Subject
from privacy.subjects.models import SubjectRequest, SubjectStep
from privacy.subjects.seals import proven_person, seal_trail, subject_of
from privacy.subjects.words import COLLECTED, Phase, RequestKind, StepState

NOBODY = "all"
"""In place of a holder's name."""


def plan_steps(work: UnitOfWork, clerk: Clerk, row: SubjectRequest) -> None:
    """Add the steps of a request that is proven, and what leads to the person's data."""
    person = proven_person(work, clerk.vault, row)
    trail = {"records": clerk.tracing.trace(work, clerk.vault, person)}
    row.trail_sealed = seal_trail(work, clerk.vault, row, trail)
    for place, (phase, holder) in enumerate(_steps(work, clerk, row)):
        work.session.add(
            SubjectStep(
                tenant_id=work.tenant_id,
                request_id=row.id,
                place=place,
                phase=phase.value,
                holder=holder,
                state=StepState.WAITING.value,
                found=0,
                retained=0,
                attempts=0,
            )
        )
    work.session.flush()


def _steps(work: UnitOfWork, clerk: Clerk, row: SubjectRequest) -> list[tuple[Phase, str]]:
    names, answer = [one.name for one in clerk.holders], (Phase.ANSWER, NOBODY)
    if clerk.tenants:
        return [*((Phase.FORWARD, tenant) for tenant in clerk.tenants), answer]
    subject = subject_of(work, clerk.vault, row)
    match RequestKind(row.kind):
        case kind if kind in COLLECTED:
            return [*((Phase.COLLECT, name) for name in names), answer]
        case RequestKind.ERASURE:
            told = _told(work, clerk, subject)
            erase = [(Phase.ERASE, name) for name in names]
            rescan = [(Phase.RESCAN, name) for name in names]
            return [*erase, *told, *rescan, (Phase.CERTIFY, NOBODY), answer]
        case RequestKind.RESTRICTION:
            return [(Phase.RESTRICT, NOBODY), *_told(work, clerk, subject), answer]
        case RequestKind.PROCESSING:
            told = _told(work, clerk, subject)
            return [(Phase.RESTRICT, NOBODY), *told, (Phase.DECIDE, NOBODY), answer]
        case _:
            return [*_rectifying(work, clerk, row, subject), answer]


def _rectifying(
    work: UnitOfWork, clerk: Clerk, row: SubjectRequest, subject: Subject
) -> list[tuple[Phase, str]]:
    """What is said in words only, people carry out in each place that holds anything."""
    there = [one for one in clerk.holders if one.find(work, clerk.vault, subject)]
    if not open_correction(work, clerk.vault, row):
        return [(Phase.MANUAL, name) for name in [one.name for one in there] or [NOBODY]]
    able = [(Phase.RECTIFY, one.name) for one in there if isinstance(one, Rectifying)]
    return [*(able or [(Phase.MANUAL, NOBODY)]), *_told(work, clerk, subject)]


def _told(work: UnitOfWork, clerk: Clerk, subject: Subject) -> list[tuple[Phase, str]]:
    """GDPR Art. 19 and 17(2): whoever got it is told, before what says so is gone."""
    return [(Phase.NOTIFY, name) for name in clerk.recipients(work, clerk.vault, subject)]
