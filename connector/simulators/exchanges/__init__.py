"""Telephone exchanges that send calls: each in its own form, with its own habits and faults."""
