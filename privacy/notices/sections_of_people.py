"""Parts of a notice about people: who answers, whose data it is, what they can do."""

from privacy.notices.authorities import authority_of
from privacy.notices.documents import Block, Facts, Paragraph, Points
from privacy.notices.saying import Saying
from privacy.profiles.data import Role

_CONTROLLER = (
    "name",
    "register_number",
    "address",
    "contact",
    "phone",
    "email",
    "website",
    "register_type",
)
_RIGHTS = ("access", "rectification", "erasure", "restriction", "objection", "withdrawal")


def who(saying: Saying) -> list[Block]:
    """The controller and how to reach it; who decides where it is a processor (promise A1)."""
    controller = saying.rules.controller
    rows = [
        (saying.say("who", name), saying.speech.translate(str(value)))
        for name in _CONTROLLER
        if (value := getattr(controller, name)) is not None
    ]
    rows.append((saying.say("who", "country"), saying.speech.country(controller.country)))
    told: list[Block] = [Facts(rows)]
    if any(kind.role is Role.PROCESSOR for kind in saying.rules.data):
        key = "processor_organisation" if saying.organisation else "processor"
        told.append(Paragraph(saying.say("who", key)))
    return told


def whose(saying: Saying) -> list[Block]:
    """The groups of people (promise A1)."""
    groups = dict.fromkeys(kind.subjects for kind in saying.rules.data)
    told = [saying.say("whose", one) for one in groups]
    return [Paragraph(saying.say("whose", "lead")), Points(told)]


def marketing(saying: Saying) -> list[Block]:
    """The stance, and how it is ended (promises C6, C10)."""
    rules = saying.rules.marketing
    told: list[Block] = [Paragraph(saying.say("marketing", rules.stance))]
    if rules.email == "consent" and rules.stance == "unless_objected":
        told.append(Paragraph(saying.say("marketing", "email_consent")))
    if rules.objections:
        channels = saying.speech.says("channel", rules.objection_channels)
        told.append(Paragraph(saying.say("marketing", "objections")))
        told.append(Points([saying.say("objection", one) for one in rules.objections]))
        told.append(Paragraph(saying.say("marketing", "channels", channels=channels)))
    return told


def registration(saying: Saying) -> list[Block]:
    """What a registration agrees to (promise D1)."""
    wanted = saying.rules.registration
    if wanted is None:
        return []
    age = "age_checked" if wanted.birth_date_checked else "age"
    terms = saying.speech.says("term", wanted.terms)
    told = [
        saying.say("registration", "terms", terms=terms),
        saying.say("registration", age, years=wanted.minimum_age),
    ]
    if wanted.legal_capacity:
        told.append(saying.say("registration", "capacity"))
    return [Points(told)]


def documents(saying: Saying) -> list[Block]:
    """When a document is asked for (promises A14, C7)."""
    wanted = saying.rules.documents
    if wanted is None:
        return []
    told: list[Block] = [
        Paragraph(saying.say("documents", "lead")),
        Points([saying.say("documents", use) for use in wanted.asked_for]),
        Paragraph(saying.say("documents", "destroyed")),
    ]
    if wanted.to_registrar:
        told.append(Paragraph(saying.say("documents", "registrar")))
    return told


def unofficial(saying: Saying) -> list[Block]:
    """Contact over somebody else's service (promise D6)."""
    rules = saying.rules.unofficial
    if rules is None:
        return []
    channels = saying.speech.says("unofficial", rules.channels)
    duration = saying.speech.days(rules.days)
    return [Paragraph(saying.say("unofficial", "text", channels=channels, duration=duration))]


def rights(saying: Saying) -> list[Block]:
    """What a person can ask for, and where to complain (promises C1 to C7)."""
    return [
        Paragraph(saying.say("rights", "lead")),
        Points([saying.say("rights", one) for one in _RIGHTS]),
        Paragraph(saying.say("rights", "how")),
        Paragraph(saying.say("rights", "refusal")),
        Paragraph(authority_of(saying.rules.controller.country, saying.speech)),
    ]


def changes(saying: Saying) -> list[Block]:
    """Version, next review, how changes are told, how they are accepted (promises D2, D3)."""
    policy = saying.rules.policy
    dated = saying.speech.day(saying.dated)
    version = saying.say("changes", "version_text", number=saying.number, dated=dated)
    rows = [
        (saying.say("changes", "version"), version),
        (saying.say("changes", "review"), saying.speech.day(policy.next_review)),
    ]
    told: list[Block] = [Facts(rows), Paragraph(saying.say("changes", policy.changes))]
    if policy.acceptance != "none":
        told.append(Paragraph(saying.say("changes", policy.acceptance)))
    return [*told, Paragraph(saying.say("changes", "older"))]
