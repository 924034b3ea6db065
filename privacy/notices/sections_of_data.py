"""Parts of a notice about the data: what is kept and how long, cookies, place, protection."""

from privacy.core.db.declarations import Retention
from privacy.notices.documents import Block, Facts, Paragraph, Points
from privacy.notices.saying import Saying
from privacy.profiles.data import DataKind, Source


def kept(saying: Saying) -> list[Block]:
    """Each kind of data, with everything that has to be said of it (GDPR Art. 13 and 14)."""
    told: list[Block] = [Paragraph(saying.say("kept", "lead"))]
    return told + [_kind(saying, kind) for kind in saying.rules.data]


def how_long(saying: Saying, kind: DataKind) -> str:
    """The sentence on a kind's end."""
    asked = "_asked" if kind.at_the_end == "asked" else ""
    duration = saying.speech.days(kind.days) if kind.days is not None else ""
    own = "_days" if kind.retention is Retention.DECLARED and kind.days is not None else ""
    return saying.say("retention", f"{kind.retention}{asked}{own}", duration=duration)


def where_from(saying: Saying, kind: DataKind) -> str:
    """The sources, public ones by name (promise A6)."""
    named = saying.speech.join(kind.public_sources)
    return saying.speech.join(
        saying.say("source", source, named=named if source is Source.PUBLIC else "")
        for source in kind.sources
    )


def _kind(saying: Saying, kind: DataKind) -> Facts:
    fields = [saying.speech.field(field) for field in kind.fields]
    rows = [
        (saying.say("kept", "data"), "; ".join(dict.fromkeys(fields))),
        (saying.say("kept", "about"), saying.say("whose", kind.subjects)),
        (saying.say("kept", "role"), saying.say("role", kind.role)),
        (saying.say("kept", "sources"), where_from(saying, kind)),
        (
            saying.say("kept", "purposes"),
            "; ".join(saying.say("purpose", one) for one in kind.purposes),
        ),
        (saying.say("kept", "basis"), saying.say("basis", kind.basis)),
        (saying.say("kept", "kept"), how_long(saying, kind)),
    ]
    if not kind.names_user:
        rows[0] = (rows[0][0], f"{rows[0][1]}. {saying.say('kept', 'device')}")
    return Facts(rows, saying.speech.kind(kind))


def cookies(saying: Saying) -> list[Block]:
    """What pages set in a browser (promises D4, D5)."""
    policy = saying.rules.cookie_policy
    told: list[Block] = [Paragraph(saying.say("cookies", policy.stance))]
    if policy.categories:
        told.append(Points([saying.say("cookie", one) for one in policy.categories]))
    if "social_media" in policy.categories:
        told.append(Paragraph(saying.say("cookies", "inert")))
    for cookie in saying.rules.cookies:
        lasts = saying.speech.days(cookie.days) if cookie.days else saying.say("cookies", "session")
        rows = [
            (saying.say("cookies", "purpose"), saying.speech.translate(cookie.purpose)),
            (saying.say("cookies", "category"), saying.say("cookie", cookie.category)),
            (saying.say("cookies", "lasts"), lasts),
        ]
        told.append(Facts(rows, cookie.name))
    return told


def place(saying: Saying) -> list[Block]:
    """Where data stays (promise E4)."""
    return [Paragraph(saying.say("place", saying.rules.region))]


def security(saying: Saying) -> list[Block]:
    """Encryption, the second factor, and what is told of a loss (promises F2, F3, F6)."""
    told = [saying.say("security", "encrypted")] if saying.rules.encrypted else []
    told.append(saying.say("security", f"mfa_{saying.rules.mfa}"))
    told.append(_loss(saying, "authority", saying.rules.breaches.authority_hours))
    if saying.rules.breaches.users_hours is not None:
        told.append(_loss(saying, "users", saying.rules.breaches.users_hours))
    return [Points(told)]


def _loss(saying: Saying, who: str, hours: int) -> str:
    return saying.say("security", who, hours=saying.speech.hours(hours))
