"""Requests of data subjects in a real database."""
