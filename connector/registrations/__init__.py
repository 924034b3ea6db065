"""Registrations: accounts of people outside, who see, correct, export and delete them (A9, C8)."""
