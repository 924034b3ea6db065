"""Events out: what happens here, told to addresses that a tenant names (Standard Webhooks)."""
