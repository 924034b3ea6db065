"""Contacts in the console."""
