"""Inquiries in words."""

from typing import Final

from connector.inquiries.channels import Channel, Topic, Unofficial
from connector.inquiries.states import InquiryState

STATES: Final = {
    InquiryState.OPEN: ("Open", "warn"),
    InquiryState.ANSWERED: ("Answered", "good"),
    InquiryState.CLOSED: ("Closed", "quiet"),
    InquiryState.SPAM: ("Spam", "quiet"),
}
"""Word and tone."""
CHANNELS: Final = {
    Channel.FORM: "Web form",
    Channel.ORDER_FORM: "Order form",
    Channel.CALLBACK: "Callback form",
    Channel.CHAT: "Chat",
    Channel.TICKET: "Ticket",
    Channel.TELEPHONE: "Telephone",
    Channel.UNOFFICIAL: "Unofficial channel",
}
UNOFFICIAL: Final = {
    Unofficial.SKYPE: "Skype",
    Unofficial.FACEBOOK: "Facebook",
    Unofficial.LINKEDIN: "LinkedIn",
}
TOPICS: Final = {
    Topic.INQUIRY: "Inquiry",
    Topic.ORDER: "Order",
    Topic.COMPLAINT: "Complaint",
    Topic.COMMENT: "Comment",
}
WAYS: Final = {
    "in": "From the person",
    "out": "Our answer",
    "note": "Note",
    "other": "From another address",
}


def channel_label(channel: str, name: str | None) -> str:
    """`Unofficial channel (Skype)`."""
    label = CHANNELS[Channel(channel)]
    return f"{label} ({UNOFFICIAL[Unofficial(name)]})" if name else label
