"""An inquiry as a page tells of it."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from connector.http.console.inquiries.words import STATES, TOPICS, WAYS, channel_label
from connector.http.console.wording import day, moment
from connector.inquiries.channels import Topic
from connector.inquiries.states import STEPS, InquiryState
from connector.inquiries.views import InquiryView, MessageView, Thread
from privacy.profiles import profile


@dataclass(frozen=True, slots=True)
class InquiryFacts:
    """A line of the list, and the head of a page."""

    id: uuid.UUID
    reference: str
    name: str
    email: str | None
    channel_label: str
    state: InquiryState
    state_label: str
    state_tone: str
    service: str
    last_message_at: datetime
    ends_on: date


@dataclass(frozen=True, slots=True)
class Line:
    """One line of facts."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """One message of a thread."""

    way: str
    way_label: str
    paragraphs: list[str]
    mailed: bool
    at: datetime
    sender: str
    remarks: list[str]
    """What of a mail was not kept."""


def facts_of(view: InquiryView) -> InquiryFacts:
    """The facts of an opened head."""
    state = InquiryState(view.state)
    label, tone = STATES[state]
    return InquiryFacts(
        id=view.id,
        reference=view.reference,
        name=view.contact.name or view.contact.handle or "Somebody",
        email=view.contact.email,
        channel_label=channel_label(view.channel, view.channel_name),
        state=state,
        state_label=label,
        state_tone=tone,
        service=profile(view.service).service,
        last_message_at=view.last_message_at,
        ends_on=view.ends_on,
    )


def lines_of(thread: Thread) -> list[Line]:
    """What is known of the person and the thread; what was not said is left out."""
    head, contact = thread.head, thread.head.contact
    lines = [
        Line("Name", contact.name),
        Line("E-mail", contact.email or ""),
        Line("Telephone", contact.telephone or ""),
        Line("Company", contact.company or ""),
        Line("About", TOPICS[Topic(contact.topic)] if contact.topic else ""),
        Line("Name on that channel", contact.handle or ""),
        Line("Agreed to that channel", f"{moment(head.consent_at)} UTC" if head.consent_at else ""),
        Line("Language", contact.language or ""),
        Line("Service", profile(head.service).service),
        Line("Privacy notice that was shown", head.notice or ""),
        Line("Begun", f"{moment(head.opened_at)} UTC"),
        Line("Gone on", day(head.ends_on)),
    ]
    return [line for line in lines if line.text]


def technical_lines(thread: Thread) -> list[Line]:
    """The technical log, while it is kept."""
    kept = thread.technical
    if kept is None:
        return []
    lines = [
        Line("IP address", kept.ip_address or ""),
        Line("Browser", kept.user_agent or ""),
        Line("Language", kept.language or ""),
        Line("Page", kept.page or ""),
        Line("Time", f"{moment(kept.visited_at, True)} UTC" if kept.visited_at else ""),
    ]
    return [line for line in lines if line.text]


def message_facts(view: MessageView) -> MessageFacts:
    """One message, in the paragraphs that it was written in."""
    remarks = ["The mail was too long: its end was left out."] if view.cut else []
    if view.left_out:
        remarks.append(f"Attachments are not kept; {view.left_out} left out.")
    paragraphs, sender = view.text.split("\n"), view.sender or ""
    return MessageFacts(view.way, WAYS[view.way], paragraphs, view.mailed, view.at, sender, remarks)


def next_states(state: InquiryState) -> frozenset[InquiryState]:
    """Where the buttons can lead."""
    return frozenset(STEPS[state])
