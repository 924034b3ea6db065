"""Consents, objections and suppressions in a real database."""
