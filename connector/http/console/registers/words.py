"""Purposes and channels in words."""

from collections.abc import Sequence
from typing import Final

from privacy.consents.purposes import ConsentPurpose
from privacy.consents.shapes import ConsentChannel
from privacy.profiles.parts import Objection, ObjectionChannel

OBJECTIONS: Final = {
    Objection.DIRECT_MARKETING: "Direct marketing",
    Objection.TELEMARKETING: "Telemarketing",
    Objection.MARKET_RESEARCH: "Market research",
    Objection.OPINION_POLLS: "Opinion polls",
    Objection.PERSONAL_RESEARCH: "Personal research (genealogy)",
}
ARRIVALS: Final = {
    ObjectionChannel.TELEPHONE: "Telephone",
    ObjectionChannel.LETTER: "Letter",
    ObjectionChannel.MAIL: "E-mail",
    ObjectionChannel.FORM: "Form",
}
CONSENTS: Final = {
    **{ConsentPurpose(one): words for one, words in OBJECTIONS.items()},
    ConsentPurpose.COOKIES_ANALYTICS: "Cookies: analytics",
    ConsentPurpose.COOKIES_FUNCTIONAL: "Cookies: functional",
    ConsentPurpose.COOKIES_SOCIAL_MEDIA: "Cookies: social media",
    ConsentPurpose.COOKIES_ADVERTISING: "Cookies: advertising",
    ConsentPurpose.CONTACT_SKYPE: "Contact over Skype",
    ConsentPurpose.CONTACT_FACEBOOK: "Contact over Facebook",
    ConsentPurpose.CONTACT_LINKEDIN: "Contact over LinkedIn",
    ConsentPurpose.LONGER_CONTACT: "Keeping contact data longer",
    ConsentPurpose.DISCLOSURE: "Disclosure to a partner",
}
CHANNELS: Final = {
    ConsentChannel.FORM: "Form",
    ConsentChannel.LETTER: "Letter",
    ConsentChannel.MAIL: "E-mail",
    ConsentChannel.TELEPHONE: "Telephone",
    ConsentChannel.CHAT: "Chat",
    ConsentChannel.SNIPPET: "Cookie choices on a site",
    ConsentChannel.UNSUBSCRIBE: "Click in a mail",
}


def in_words(objections: Sequence[Objection]) -> str:
    """`telemarketing, opinion polls`: what somebody objects to, within a sentence."""
    return ", ".join(OBJECTIONS[one].lower() for one in objections)
