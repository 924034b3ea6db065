"""Scheduled checks."""
