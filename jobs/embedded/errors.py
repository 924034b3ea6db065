"""What stops the embedded stack: always one line that says what to do."""

from privacy.core.errors import Misconfigured


class StackError(Misconfigured):
    """The embedded stack cannot go on; `str(error)` is one line for the person at the terminal."""

    code = "stack"
