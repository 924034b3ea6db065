"""Moves between two real PostgreSQL servers."""
