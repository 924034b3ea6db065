"""Closed lists of requests: what is asked, how it came, where it stands, what came of a step."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class RequestKind(StrEnum):
    """What a person asks for (GDPR Art. 15 to 21)."""

    ACCESS = "access"
    PORTABILITY = "portability"
    ERASURE = "erasure"
    RECTIFICATION = "rectification"
    RESTRICTION = "restriction"
    OBJECTION = "objection"
    """To purposes of marketing and research (promise C6; Art. 21(2), (3))."""
    PROCESSING = "processing_objection"
    """To processing on legitimate interests (Art. 21(1)); it pauses until it is decided."""


COLLECTED: Final = frozenset({RequestKind.ACCESS, RequestKind.PORTABILITY})
"""Answered with a file."""
WISHED: Final = frozenset(
    {RequestKind.RECTIFICATION, RequestKind.RESTRICTION, RequestKind.PROCESSING}
)
"""Need the person's words: what is to be corrected, or why."""


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
"""What waits for a decision."""
UNSENT: Final = (RequestState.DONE, RequestState.REFUSED)
"""What was decided, and is closed when the answer has gone out (promise C4)."""


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
    RESTRICT = "restrict"
    RECTIFY = "rectify"
    NOTIFY = "notify"
    """Somebody to whom the data was disclosed is told (Art. 19); people tick it off."""
    MANUAL = "manual"
    DECIDE = "decide"
    """Whose grounds weigh more (Art. 21(1)); people decide."""
    RESCAN = "rescan"
    CERTIFY = "certify"
    FORWARD = "forward"
    """One of all tenants of a service is asked; the step's holder is its id."""
    ANSWER = "answer"


TICKED: Final = (Phase.MANUAL.value, Phase.NOTIFY.value)
"""What people do, and tick off."""


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
    HOLD = "legal_hold"
    """Somebody holds this very row for a claim."""


class Ground(StrEnum):
    """Why a request is refused."""

    UNFOUNDED = "unfounded"
    EXCESSIVE = "excessive"
    NOT_IDENTIFIED = "not_identified"
    OTHERS_RIGHTS = "rights_of_others"
    OBLIGATION = "legal_obligation"
    CLAIMS = "legal_claims"
    EXPRESSION = "freedom_of_expression"
    PUBLIC_INTEREST = "public_interest"
    ACCURATE = "data_is_accurate"
    NO_GROUND = "no_ground_to_restrict"
    COMPELLING = "compelling_grounds"
    NOT_PORTABLE = "not_portable"


_ALWAYS: Final = frozenset({Ground.UNFOUNDED, Ground.EXCESSIVE, Ground.NOT_IDENTIFIED})
GROUNDS_OF: Final[Mapping[RequestKind, frozenset[Ground]]] = MappingProxyType(
    {
        RequestKind.ACCESS: _ALWAYS | {Ground.OTHERS_RIGHTS},
        RequestKind.PORTABILITY: _ALWAYS | {Ground.OTHERS_RIGHTS, Ground.NOT_PORTABLE},
        RequestKind.ERASURE: _ALWAYS
        | {Ground.OBLIGATION, Ground.CLAIMS, Ground.EXPRESSION, Ground.PUBLIC_INTEREST},
        RequestKind.RECTIFICATION: _ALWAYS | {Ground.ACCURATE},
        RequestKind.RESTRICTION: _ALWAYS | {Ground.NO_GROUND},
        RequestKind.PROCESSING: _ALWAYS | {Ground.COMPELLING, Ground.CLAIMS},
        RequestKind.OBJECTION: frozenset(),
    }
)
"""What the article of each right allows (Art. 11(2), 12(5), 15(4), 16, 17(3), 18(1), 20(1), (4),
21(1)). Objections to marketing are never refused (Art. 21(3))."""
