"""One hierarchy of errors, each with a code, a status and a message that is safe to show.

A message never holds personal data, a secret, or a hint about another tenant. It says what
to do. Faces (API, console, CLI) render these in one place each.
"""

from http import HTTPStatus


class SiltaError(Exception):
    """Base of every expected failure."""

    code: str = "internal_error"
    status: HTTPStatus = HTTPStatus.INTERNAL_SERVER_ERROR
    message: str = "Something went wrong on our side. Nothing was changed."

    def __init__(
        self, message: str | None = None, *, code: str | None = None, **details: object
    ) -> None:
        self.message = message or type(self).message
        self.code = code or type(self).code
        self.details = details
        super().__init__(self.message)


class BadInput(SiltaError):
    """What was sent cannot be read at all."""

    code = "bad_input"
    status = HTTPStatus.BAD_REQUEST
    message = "The request could not be read. Check its syntax and send it again."


class Invalid(SiltaError):
    """It can be read, and breaks a rule. `details["fields"]` may map a field to its message."""

    code = "invalid"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    message = "Some values are not valid. Correct them and send the request again."


class TooLarge(SiltaError):
    """More than the stated limit."""

    code = "too_large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    message = "The request is larger than allowed. Send it in smaller parts."


class UnsupportedMedia(SiltaError):
    """A media type or encoding that nobody here reads."""

    code = "unsupported_media_type"
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    message = "This content type is not accepted here."


class Unauthenticated(SiltaError):
    """Nobody, or nobody any more."""

    code = "unauthenticated"
    status = HTTPStatus.UNAUTHORIZED
    message = "Sign in, or send a valid API key."


class Forbidden(SiltaError):
    """Somebody, but not for this."""

    code = "forbidden"
    status = HTTPStatus.FORBIDDEN
    message = "You are not allowed to do this."


class NotFound(SiltaError):
    """Not here; said alike of what never was, what is gone and what is another tenant's."""

    code = "not_found"
    status = HTTPStatus.NOT_FOUND
    message = "There is nothing here under this address."


class Conflict(SiltaError):
    """It contradicts what is already there."""

    code = "conflict"
    status = HTTPStatus.CONFLICT
    message = "This conflicts with what is already stored."


class Gone(SiltaError):
    """It was here and its time is over."""

    code = "gone"
    status = HTTPStatus.GONE
    message = "This is no longer available."


class TooManyRequests(SiltaError):
    """A limit was hit. `details["retry_after"]` holds seconds."""

    code = "too_many_requests"
    status = HTTPStatus.TOO_MANY_REQUESTS
    message = "Too many requests. Wait a little and try again."


class Unavailable(SiltaError):
    """Something we need is away for a moment; trying again is right."""

    code = "unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    message = "The service is not available at the moment. Try again in a minute."


class Busy(Unavailable):
    """More at once than a process takes; others are not kept waiting for it."""

    code = "busy"
    message = "Too much is going on at the moment. Try again in a few seconds."


class TooSlow(SiltaError):
    """What was being sent did not arrive in time."""

    code = "too_slow"
    status = HTTPStatus.REQUEST_TIMEOUT
    message = "The request did not arrive in time. Send it again."


class Misconfigured(SiltaError):
    """The operator has to change a setting. Shown at boot, in one line, exit code 2."""

    code = "misconfigured"
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    message = "The installation's settings are not usable."
