"""Requests that a sender may repeat: one effect, and the first answer again for a day."""
