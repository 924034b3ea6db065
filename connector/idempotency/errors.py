"""Why a repeated request is not answered with the stored answer."""

from privacy.core.errors import BadInput, Conflict, Invalid


class KeyReused(Invalid):
    """The key was used for another request."""

    code = "idempotency_key_reused"
    message = (
        "This Idempotency-Key was used for another request within the last 24 hours. "
        "Take a new key for a new request."
    )


class InProgress(Conflict):
    """The first request with this key is still running."""

    code = "idempotency_in_progress"
    message = (
        "A request with this Idempotency-Key is still running. "
        "Wait a moment and send it again, unchanged."
    )


class BadKey(BadInput):
    """The key is no key."""

    code = "bad_idempotency_key"
    message = "An Idempotency-Key has 1 to 255 visible ASCII characters. A random UUID is good."
