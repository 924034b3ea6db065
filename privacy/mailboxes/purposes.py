"""What an address of ours is for. Each purpose has one receiver (see receivers.py)."""

from enum import StrEnum


class MailPurpose(StrEnum):
    """Why somebody writes to an address that was made for it."""

    INQUIRY = "inquiry"
    """A reply in a thread; `about` is the inquiry."""
    SUBJECT_REQUEST = "subject_request"
    """A request of a data subject (promise C7); `about` is whatever its receiver says."""
