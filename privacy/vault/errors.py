"""What can go wrong with keys. Failures to open look all alike: an oracle needs a difference."""

from http import HTTPStatus

from privacy.core.errors import Gone, Misconfigured, SiltaError, Unavailable


class OpenError(SiltaError):
    """A sealed value did not open. Why is not said, not even to ourselves (ATTACK 5)."""

    code = "unreadable"
    message = "A stored value cannot be opened."

    def __init__(self) -> None:
        super().__init__()


class DayEnded(Gone):
    """The day's key is destroyed, or its time is over: nothing of it is stored or read again."""

    code = "day_ended"
    message = "The retention of this day has ended. Nothing more is stored for it."


class DayTooFar(SiltaError):
    """A key for a day far ahead was asked for; clocks disagree, or somebody is playing."""

    code = "day_too_far_ahead"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    message = "This day is too far ahead."


class SealLimit(SiltaError):
    """A key has sealed as often as random nonces allow (ATTACK 1; NIST SP 800-38D §8.3)."""

    code = "seal_limit"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    message = "This key has reached its limit. Rotate it with `silta keys rotate-tenant`."


class NoKey(Unavailable):
    """A key that should exist does not."""

    code = "no_key"
    message = (
        "A key is missing from the key ring. docs/operators/troubles.md says what to do when the "
        "keys folder was lost."
    )


class EscrowFailed(Unavailable):
    """Escrow did not take, return or delete something; a key seals nothing before it did."""

    code = "escrow_failed"
    message = "The key escrow could not be written and read back. Check its folders."


class KeyPortFailed(Unavailable):
    """The key port does not hold, or did not destroy, an epoch key."""

    code = "key_port_failed"
    message = "The key port could not be used. Check the keys folder."


class RootKeyRefused(Misconfigured):
    """The root key is absent or unsafe. There is no "no key = plaintext"."""

    code = "root_key_refused"


class KeyCheckFailed(Misconfigured):
    """Root key, key port and database do not belong together: the process must not start."""

    code = "key_check_failed"


class FloorRefused(SiltaError):
    """A minimum key version that contradicts the others."""

    code = "version_floor_refused"
    status = HTTPStatus.CONFLICT
    message = "These minimum versions contradict each other."


class StillNeeded(SiltaError):
    """An old key version still has values that depend on it."""

    code = "key_version_still_needed"
    status = HTTPStatus.CONFLICT
    message = "Values are still sealed under this key version. Let the re-sealing finish first."
