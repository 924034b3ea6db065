"""Microsoft: Partner Center (customers, subscriptions, invoices) and Graph (call records)."""
