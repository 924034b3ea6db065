"""Losses of personal data: clocks, notices, and the documentation of each (promise F6)."""
