"""Records of connected systems in the API: contacts, invoices, subscriptions, products."""
