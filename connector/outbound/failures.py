"""What goes wrong outside, in three kinds: somebody has to change something, waiting helps, or
one of the two programs is wrong.

Each failure has a message for the user and one for the log. The log's holds the declared host
and our own words: no path, no query, nothing that the other side said (ASVS 5.0, 16.2.5).
"""

from enum import StrEnum
from http import HTTPStatus
from typing import ClassVar

from privacy.core.errors import SiltaError


class FailureKind(StrEnum):
    """Who can do something about it: the tenant, time, or a developer."""

    CONFIGURATION = "configuration"
    TRANSIENT = "transient"
    SYSTEM = "system"


class CredentialDoubt(StrEnum):
    """Whether a failure is about the credential."""

    NONE = "none"
    POSSIBLE = "possible"
    """A refusal that an outage or a missing right can cause, too: it counts once a day."""
    CERTAIN = "certain"
    """The other side knows itself, and does not accept the credential."""


class Failure(SiltaError):
    """A request to somebody else that did not do what it should.

    `maybe_done`: the request may have arrived. A write must not be repeated before somebody has
    looked. `retry_after`: seconds, as the other side said. `advice`: our own constant words of
    the message, which may be stored; the message itself can repeat what the other side said.
    `credential`: what the failure says of the account's credential.
    """

    kind: ClassVar[FailureKind] = FailureKind.SYSTEM
    code = "outside_failed"
    status = HTTPStatus.BAD_GATEWAY
    message = "The other service answered in a way that we do not understand."

    def __init__(
        self,
        message: str | None = None,
        *,
        log: str,
        code: str | None = None,
        maybe_done: bool = False,
        retry_after: float | None = None,
        advice: str | None = None,
        credential: CredentialDoubt = CredentialDoubt.NONE,
    ) -> None:
        super().__init__(message, code=code)
        self.advice = advice or type(self).message
        self.credential = credential
        self.log = f"{self.code}: {log}"
        self.maybe_done = maybe_done
        self.retry_after = retry_after


class ConfigurationFailure(Failure):
    """It stays until somebody corrects a setting, a credential or a right."""

    kind = FailureKind.CONFIGURATION
    code = "outside_refused"
    message = "The other service refused us. Check the account's settings."


class TransientFailure(Failure):
    """It goes away by itself."""

    kind = FailureKind.TRANSIENT
    code = "outside_unavailable"
    message = "The other service does not answer at the moment. We will try again."


class SystemFailure(Failure):
    """Neither waiting nor a setting helps: one of the two programs is wrong."""


class NotDeclared(ConfigurationFailure):
    """Promise E2: data goes to declared recipients only."""

    code = "recipient_not_declared"
    message = "This address is not among the declared recipients, so nothing was sent."


class ForbiddenAddress(ConfigurationFailure):
    """ATTACK 46: the name leads into a network that is not the open internet."""

    code = "address_forbidden"
    message = "This address does not lead to the open internet, so nothing was sent."


class BadRequest(ConfigurationFailure):
    """What we were about to send cannot be said in HTTP."""

    code = "request_not_sendable"
    message = "A setting holds a character that cannot be sent. Use Latin letters (ISO 8859-1)."


class NameUnknown(TransientFailure):
    """The name has no address now. Names of declared recipients do exist: an outage."""

    code = "name_not_resolved"


class Unreachable(TransientFailure):
    """No connection, or it broke."""

    code = "unreachable"


class TimedOut(TransientFailure):
    """The whole exchange has one time limit, however it is spent (ATTACK 47)."""

    code = "timed_out"
    message = "The other service takes too long to answer. We will try again."


class Untrusted(SystemFailure):
    """The other side did not prove that it is who we asked for."""

    code = "certificate_not_trusted"
    message = "The other service's certificate is not valid, so nothing was sent."


class TooBig(SystemFailure):
    """Longer than the limit, or it inflates to more than it should (ATTACK 47)."""

    code = "answer_too_big"
    message = "The other service's answer is larger than allowed."


class Garbled(SystemFailure):
    """Not HTTP, or an encoding that was not asked for."""

    code = "answer_unreadable"


class Redirected(SystemFailure):
    """An interface that sends us elsewhere is not the declared one (ASVS 5.0, 15.3.2)."""

    code = "redirected"
    message = "The other service sent us to another address, which we do not follow."
