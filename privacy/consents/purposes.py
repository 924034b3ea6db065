"""What a consent can be given to, and which of it a service may ask for at all."""

from enum import StrEnum
from typing import Final

from privacy.profiles import Profile
from privacy.profiles.parts import CookieCategory, Objection, UnofficialChannel
from privacy.profiles.sharing import Ground


class ConsentPurpose(StrEnum):
    """A closed list; each stands on its own (GDPR Art. 7, recital 43)."""

    DIRECT_MARKETING = "direct_marketing"
    TELEMARKETING = "telemarketing"
    MARKET_RESEARCH = "market_research"
    OPINION_POLLS = "opinion_polls"
    PERSONAL_RESEARCH = "personal_research"
    COOKIES_ANALYTICS = "cookies_analytics"
    COOKIES_FUNCTIONAL = "cookies_functional"
    COOKIES_SOCIAL_MEDIA = "cookies_social_media"
    COOKIES_ADVERTISING = "cookies_advertising"
    CONTACT_SKYPE = "contact_skype"
    CONTACT_FACEBOOK = "contact_facebook"
    CONTACT_LINKEDIN = "contact_linkedin"
    LONGER_CONTACT = "longer_contact"
    """Keeping contact data beyond two years (promise B2)."""
    DISCLOSURE = "disclosure_to_partner"
    """To a partner connected to the customer's products (promise E3)."""


MARKETING: Final = frozenset(ConsentPurpose(one) for one in Objection)
COOKIES: Final = {
    ConsentPurpose(f"cookies_{one}"): one
    for one in CookieCategory
    if one is not CookieCategory.ESSENTIAL
}
UNOFFICIAL: Final = {ConsentPurpose(f"contact_{one}"): one for one in UnofficialChannel}


def askable(service: Profile) -> frozenset[ConsentPurpose]:
    """What a service may ask consent to: a consent to what it never does would deceive."""
    found: set[ConsentPurpose] = set()
    if not service.no_marketing:
        found |= MARKETING
    found |= {key for key, one in COOKIES.items() if one in service.cookie_policy.categories}
    if service.unofficial is not None:
        channels = service.unofficial.channels
        found |= {key for key, one in UNOFFICIAL.items() if one in channels}
    if any(kind.at_the_end == "asked" for kind in service.data):
        found.add(ConsentPurpose.LONGER_CONTACT)
    if Ground.CONSENT in service.disclosures.grounds:
        found.add(ConsentPurpose.DISCLOSURE)
    return frozenset(found)
