"""A PostgreSQL that writes down all that it is told, parameters included (ATTACK 16)."""

from tests.scenarios.stacks import Stack

_TALKATIVE = {
    "log_statement": "all",
    "log_parameter_max_length": "-1",
    "log_parameter_max_length_on_error": "-1",
    "log_error_verbosity": "verbose",
    "log_min_error_statement": "error",
    "log_duration": "on",
    "log_connections": "on",
}


def log_everything(stack: Stack) -> None:
    """From now on, and at every later start."""
    with stack.superuser() as connection:
        for name, value in _TALKATIVE.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
        connection.execute("SELECT pg_reload_conf()")
