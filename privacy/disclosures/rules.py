"""When something may be told to others: as the service's profile says, and never otherwise."""

from privacy.consents.purposes import ConsentPurpose
from privacy.consents.standing import standings
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid, Misconfigured
from privacy.core.writings import is_line
from privacy.disclosures.shapes import Disclosing
from privacy.identities.tokens import tokens_of
from privacy.profiles import Profile
from privacy.profiles.derived import derived_profile
from privacy.profiles.sharing import Ground
from privacy.vault.keyring import Keyring

LONGEST = 400
_DOCUMENT = "user.government_id"


class NotGrounded(Invalid):
    """There is no ground, or not one of this service's."""

    code = "disclosure_not_grounded"
    message = "The privacy policy of this service names no such ground, so nothing may be told."


class NoConsent(Invalid):
    """The ground is consent, and the person gave none, or withdrew it."""

    code = "no_consent"
    message = "This person has not agreed to being disclosed to a partner."


def check_disclosure(work: UnitOfWork, vault: Keyring, said: Disclosing) -> None:
    """Raise where the ground, the reference, the recipient or the fields do not allow it.

    Raises:
        NotGrounded, NoConsent, Invalid.
    """
    service = _profile(work, said.service)
    if said.ground not in service.disclosures.grounds:
        raise NotGrounded
    if said.document and not _may_hand_on(service, said):
        raise NotGrounded
    wrong = _missing(said) | _reasons(service, said) | _fields(service, said)
    if wrong:
        raise Invalid(fields=wrong)
    if said.ground is Ground.CONSENT and not _agreed(work, vault, said):
        raise NoConsent


def _profile(work: UnitOfWork, key: str) -> Profile:
    try:
        return derived_profile(work, key)
    except Misconfigured:
        raise Invalid(fields={"service": "There is no such service."}) from None


def _missing(said: Disclosing) -> dict[str, str]:
    needed = {
        "recipient": (said.recipient, "Say who is told."),
        "reference": (said.reference, "Say on which letter, resolution or agreement it rests."),
        "fields": (said.fields, "Say which fields are told."),
    }
    wrong = {name: words for name, (value, words) in needed.items() if not value}
    lines = [("recipient", said.recipient), ("reference", said.reference)]
    lines += [("contact", said.contact), *(("values", text) for text in said.values.values())]
    for name, text in lines:
        if not is_line(text, longest=LONGEST):
            wrong[name] = f"Use up to {LONGEST} characters on one line."
    return wrong


def _reasons(service: Profile, said: Disclosing) -> dict[str, str]:
    listed = service.disclosures.authority_reasons
    if said.ground is not Ground.AUTHORITY or not listed:
        return {"reason": "Only an authority's request has a reason."} if said.reason else {}
    return {} if said.reason in listed else {"reason": "Choose what the request is about."}


def _fields(service: Profile, said: Disclosing) -> dict[str, str]:
    registry = said.ground is Ground.REGISTRY and not said.document
    declared = document_fields(service) if said.document else _declared(service)
    allowed = set(service.disclosures.registry_fields) if registry else declared
    if set(said.fields) - allowed:
        return {"fields": "The privacy policy does not declare these fields for it."}
    if registry and set(said.values) != set(said.fields):
        return {"values": "Give the value of each field that is to be published."}
    return {} if registry or not said.values else {"values": "Values are kept for registries only."}


def document_fields(service: Profile) -> set[str]:
    """What the policy declares of identity documents."""
    fields = (field for kind in service.data for field in kind.fields)
    return {field.name for field in fields if field.category == _DOCUMENT}


def _may_hand_on(service: Profile, said: Disclosing) -> bool:
    """A domain owner's documents go to the registrar, where the policy says so (promise A14)."""
    asked = service.documents
    return said.ground is Ground.REGISTRY and asked is not None and asked.to_registrar


def _declared(service: Profile) -> set[str]:
    return {field.name for kind in service.data for field in kind.fields}


def _agreed(work: UnitOfWork, vault: Keyring, said: Disclosing) -> bool:
    tokens = tokens_of(work, vault, said.person.identities)
    stands = standings(work, tokens, purpose=ConsentPurpose.DISCLOSURE, services=[said.service])
    return True in stands.values() and False not in stands.values()
