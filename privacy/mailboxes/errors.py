"""Why the mailbox was not read. None of these repeats what a server said."""

from privacy.core.errors import Unavailable


class MailboxAway(Unavailable):
    """The server is away, or broke off: trying again is right."""

    code = "mailbox_away"
    message = "The mailbox cannot be reached at the moment. It is read again in a few minutes."


class MailboxRefusedUs(MailboxAway):
    """Certificate, sign-in, STARTTLS or the folder: the operator has to look."""

    code = "mailbox_refused_us"
    message = "The mailbox's certificate, sign-in or folder is wrong. Check SILTA_IMAP_URL."


class MailboxIncomplete(MailboxAway):
    """Some mails could not be handed over; they are left where they are."""

    code = "mailbox_incomplete"
    message = "Some mails could not be taken. They are read again in a few minutes."
