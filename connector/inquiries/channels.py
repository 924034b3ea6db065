"""The ways in which an inquiry comes (promises A10, D6)."""

from enum import StrEnum
from typing import Final


class Channel(StrEnum):
    """How an inquiry began."""

    FORM = "form"
    ORDER_FORM = "order_form"
    CALLBACK = "callback"
    CHAT = "chat"
    TICKET = "ticket"
    TELEPHONE = "telephone"
    UNOFFICIAL = "unofficial"
    """Over somebody else's service; only with the person's consent, and for a short time."""


class Unofficial(StrEnum):
    """Whose service it was (promise D6)."""

    SKYPE = "skype"
    FACEBOOK = "facebook"
    LINKEDIN = "linkedin"


class Topic(StrEnum):
    """What somebody writes about (promise A10)."""

    INQUIRY = "inquiry"
    ORDER = "order"
    COMPLAINT = "complaint"
    COMMENT = "comment"


ON_PAGES: Final = (Channel.FORM, Channel.ORDER_FORM, Channel.CALLBACK)
"""What a web form can be."""

RECORDED: Final = (
    Channel.TELEPHONE,
    Channel.CHAT,
    Channel.TICKET,
    Channel.CALLBACK,
    Channel.ORDER_FORM,
    Channel.FORM,
    Channel.UNOFFICIAL,
)
"""What the tenant's people and programs can record."""
