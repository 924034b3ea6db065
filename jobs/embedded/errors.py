"""What stops the embedded stack: always one line that says what to do."""


class StackError(Exception):
    """The embedded stack cannot go on; `str(error)` is one line for the person at the terminal."""
