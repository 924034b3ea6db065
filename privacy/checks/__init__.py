"""Scheduled checks: security advisories, drift of the configuration, and that they were made."""
