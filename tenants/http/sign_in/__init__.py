"""Signing in, step by step, and what belongs to it."""
