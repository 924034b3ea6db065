"""Who may do what: tenants, users, roles, sessions and keys."""
