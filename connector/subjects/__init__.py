"""Requests of data subjects: who of this floor holds data, and who is told of a limit."""
