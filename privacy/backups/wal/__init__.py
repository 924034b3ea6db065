"""Continuous archiving of the write-ahead log by pgBackRest, on an operator's own PostgreSQL."""
