"""Counts that an organisation publishes (promise B5)."""
