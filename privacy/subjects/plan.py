"""Which steps a request takes: noted when the person is identified, before anything changes."""

from privacy.core.db.work import UnitOfWork
from privacy.subjects.clerks import Clerk
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
    names, kind = [one.name for one in clerk.holders], RequestKind(row.kind)
    if kind in COLLECTED:
        return [*((Phase.COLLECT, name) for name in names), (Phase.ANSWER, NOBODY)]
    if kind is RequestKind.ERASURE:
        erase = [(Phase.ERASE, name) for name in names]
        rescan = [(Phase.RESCAN, name) for name in names]
        return [*erase, *rescan, (Phase.CERTIFY, NOBODY), (Phase.ANSWER, NOBODY)]
    subject = subject_of(work, clerk.vault, row)
    where = [one.name for one in clerk.holders if one.find(work, clerk.vault, subject)]
    return [*((Phase.MANUAL, name) for name in where or [NOBODY]), (Phase.ANSWER, NOBODY)]
