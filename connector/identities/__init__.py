"""People as programs and forms name them, read into identities."""
