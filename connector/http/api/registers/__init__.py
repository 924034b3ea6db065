"""Consents, objections and the suppression check."""
