"""Invoices, subscriptions and products in the console."""
