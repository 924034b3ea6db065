"""Requests and their steps in words."""

from typing import Final

from privacy.holds.models import Holdable
from privacy.subjects.words import (
    Because,
    Ground,
    Method,
    Phase,
    RequestChannel,
    RequestKind,
    RequestState,
    StepState,
)

KINDS: Final = {
    RequestKind.ACCESS: "Access",
    RequestKind.PORTABILITY: "Portability",
    RequestKind.ERASURE: "Erasure",
    RequestKind.RECTIFICATION: "Rectification",
    RequestKind.RESTRICTION: "Restriction",
    RequestKind.OBJECTION: "Objection to marketing or research",
    RequestKind.PROCESSING: "Objection to processing",
}
CHANNELS: Final = {
    RequestChannel.LETTER: "Letter",
    RequestChannel.TELEPHONE: "Telephone",
    RequestChannel.EMAIL: "E-mail",
    RequestChannel.FORM: "Form",
}
STATES: Final = {
    RequestState.RECEIVED: ("Received", ""),
    RequestState.VERIFYING: ("Waits for the code", ""),
    RequestState.RUNNING: ("Runs", ""),
    RequestState.PARTLY_DONE: ("Partly done", "warn"),
    RequestState.DONE: ("Done, answer not gone out", "warn"),
    RequestState.REFUSED: ("Refused, notice not gone out", "warn"),
    RequestState.CLOSED: ("Closed", "quiet"),
}
METHODS: Final = {
    Method.CALL_BACK: "Called the number on file",
    Method.DOCUMENTS: "Saw documents",
    Method.IN_PERSON: "Know them, in person",
    Method.CODE: "Code to the address",
}
GROUNDS: Final = {
    Ground.NOT_IDENTIFIED: "The person cannot be identified (Art. 11(2), 12(2))",
    Ground.UNFOUNDED: "Manifestly unfounded (Art. 12(5))",
    Ground.EXCESSIVE: "Excessive, repeated (Art. 12(5))",
    Ground.OTHERS_RIGHTS: "Rights of others (Art. 15(4), 20(4))",
    Ground.OBLIGATION: "The law obliges to keep it (Art. 17(3)(b))",
    Ground.CLAIMS: "Legal claims (Art. 17(3)(e), 21(1))",
    Ground.EXPRESSION: "Freedom of expression and information (Art. 17(3)(a))",
    Ground.PUBLIC_INTEREST: "Public interest, research, archives (Art. 17(3)(c), (d))",
    Ground.ACCURATE: "The data is right (Art. 16)",
    Ground.NO_GROUND: "None of the grounds to restrict is there (Art. 18(1))",
    Ground.COMPELLING: "Compelling grounds of the controller (Art. 21(1))",
    Ground.NOT_PORTABLE: "Not processed by consent or contract (Art. 20(1))",
}
PHASES: Final = {
    Phase.COLLECT: "Collect",
    Phase.ERASE: "Erase",
    Phase.RESTRICT: "Restrict",
    Phase.RECTIFY: "Correct",
    Phase.NOTIFY: "Tell",
    Phase.MANUAL: "By hand",
    Phase.DECIDE: "Decide",
    Phase.RESCAN: "Look again",
    Phase.CERTIFY: "Certify",
    Phase.FORWARD: "Ask the organisation",
    Phase.ANSWER: "Answer",
}
STEPS: Final = {
    StepState.WAITING: ("Waits", ""),
    StepState.DONE: ("Done", "good"),
    StepState.RETAINED: ("Kept", "quiet"),
    StepState.FAILED: ("Failed", "bad"),
}
REASONS: Final = {
    Because.ACCOUNTING: "bookkeeping law",
    Because.CLAIMS: "claims from the contract",
    Because.EVIDENCE: "evidence of consent",
    Because.SUPPRESSION: "so that the objection is honoured",
    Because.ACCOUNTABILITY: "evidence of requests",
    Because.SENDING: "answers on their way",
    Because.HOLD: "a legal hold",
}
HOLDABLE: Final = {
    Holdable.CONTACTS: "Contact",
    Holdable.INQUIRIES: "Inquiry",
    Holdable.INVOICES: "Invoice",
    Holdable.PAYMENTS: "Payment",
    Holdable.SUBSCRIPTIONS: "Subscription",
    Holdable.REGISTRANTS: "Registration",
}
