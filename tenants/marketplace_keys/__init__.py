"""Keys of marketplaces, which sell subscriptions and provision tenants."""
