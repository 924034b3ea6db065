"""Closed lists of requests: what is asked, how it came, where it stands, what came of a step."""

from enum import StrEnum
from typing import Final


class RequestKind(StrEnum):
    """What a person asks for (GDPR Art. 15 to 21)."""

    ACCESS = "access"
    PORTABILITY = "portability"
    ERASURE = "erasure"
    RECTIFICATION = "rectification"
    RESTRICTION = "restriction"
    OBJECTION = "objection"


COLLECTED: Final = frozenset({RequestKind.ACCESS, RequestKind.PORTABILITY})
"""Answered with a file."""
BY_HAND: Final = frozenset({RequestKind.RECTIFICATION, RequestKind.RESTRICTION})
"""Carried out by people; each place that has to be changed is ticked off."""


class RequestChannel(StrEnum):
    """How a request reaches us (promise C7)."""

    FORM = "form"
    LETTER = "letter"
    EMAIL = "email"
    TELEPHONE = "telephone"


class RequestState(StrEnum):
    """Where a request stands. It is closed when the answer has gone out, not before."""

    RECEIVED = "received"
    VERIFYING = "verifying"
    RUNNING = "running"
    PARTLY_DONE = "partly_done"
    DONE = "done"
    REFUSED = "refused"
    CLOSED = "closed"


UNPROVEN: Final = (RequestState.RECEIVED, RequestState.VERIFYING)
UNDER_WAY: Final = (RequestState.RUNNING, RequestState.PARTLY_DONE)
UNANSWERED: Final = (*UNPROVEN, *UNDER_WAY)
"""What can be overdue."""


class Method(StrEnum):
    """How a person was identified."""

    CODE = "code"
    CALL_BACK = "call_back"
    DOCUMENTS = "documents"
    IN_PERSON = "in_person"


class Phase(StrEnum):
    """What a step does, in this order."""

    COLLECT = "collect"
    ERASE = "erase"
    MANUAL = "manual"
    RESCAN = "rescan"
    CERTIFY = "certify"
    ANSWER = "answer"


class StepState(StrEnum):
    """What came of a step. `retained` has a reason, and where there is one, an end."""

    WAITING = "waiting"
    DONE = "done"
    RETAINED = "retained"
    FAILED = "failed"


class Because(StrEnum):
    """Why something is kept in spite of an erasure (GDPR Art. 17(3))."""

    ACCOUNTING = "accounting_obligation"
    CLAIMS = "claims"
    EVIDENCE = "evidence_of_consent"
    SUPPRESSION = "suppression"
    ACCOUNTABILITY = "evidence_of_requests"
    SENDING = "answers_being_sent"


class Ground(StrEnum):
    """Why a request is refused."""

    UNFOUNDED = "unfounded"
    EXCESSIVE = "excessive"
    NOT_IDENTIFIED = "not_identified"
    OTHERS_RIGHTS = "rights_of_others"
    OBLIGATION = "legal_obligation"
    CLAIMS = "legal_claims"
