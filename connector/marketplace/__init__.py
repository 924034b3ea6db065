"""Subscriptions that a marketplace sells: from the order to the end of the data."""
