"""Mails of the service: sealed in the transaction that asks for them, sent after it."""
