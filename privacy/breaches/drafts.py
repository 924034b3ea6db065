"""The authority's notice, drafted from the register (GDPR Art. 33(3)); a person sends it."""

from privacy.breaches.scopes import scope_in_words
from privacy.breaches.shapes import BreachView
from privacy.profiles import profile
from privacy.subjects.authorities import authority_text

_UNKNOWN = "not known yet; will follow (Art. 33(4))"


def draft_notice(view: BreachView) -> str:
    """Plain text with all that the article asks for, and what is still missing."""
    said = profile(view.service)
    who, contact = said.controller, said.controller.email or said.controller.phone or ""
    discovered = f"{view.discovered_at:%Y-%m-%d %H:%M} UTC"
    people = str(view.people) if view.people is not None else _UNKNOWN
    lines = [
        f"To: {authority_text(who.country)}",
        f"Controller: {who.name}, {who.address or who.website or who.country}",
        f"Contact: {who.contact or 'privacy'}, {contact}",
        "",
        f"Personal data breach of the service {said.service}",
        f"Discovered: {discovered}",
        f"Nature: {view.what.nature}",
        f"Kinds of data: {', '.join(view.tables) or _UNKNOWN}",
        f"People concerned, about: {people}",
        f"Likely consequences: {view.what.consequences or _UNKNOWN}",
        f"Measures taken or proposed: {view.what.measures or _UNKNOWN}",
        f"Responsible: {view.what.responsible or _UNKNOWN}",
        f"Risk for people: {view.risk.value}",
    ]
    if view.what.scope is not None:
        at = f"{view.what.scope.computed_at:%Y-%m-%d %H:%M} UTC"
        lines += ["", f"Scope, computed from the ledger and the key ring at {at}:"]
        lines += scope_in_words(view.what.scope)
    return "\n".join(lines)
