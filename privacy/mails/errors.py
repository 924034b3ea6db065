"""Why a mail did not leave. None of these repeats an address or what a server said."""

from privacy.core.errors import Invalid, Unavailable


class MailDeferred(Unavailable):
    """The server is away, or said to try again: trying again is right."""

    code = "mail_deferred"
    message = "The mail server did not take the mail yet. It is tried again."


class MailServerRefusedUs(MailDeferred):
    """Certificate, sign-in or STARTTLS: the operator has to look; the mail waits meanwhile."""

    code = "mail_server_refused_us"
    message = "The mail server's certificate or sign-in is wrong. Check SILTA_SMTP_URL."


class MailRefused(Invalid):
    """The server will never take this mail, to this address."""

    code = "mail_refused"
    message = "The mail server refused this mail for good."


class MailSuppressed(MailRefused):
    """The recipient objected, or never agreed, or the service sends no such mail."""

    code = "mail_suppressed"
    message = "This mail may not be sent to this address: look at consents and objections."
