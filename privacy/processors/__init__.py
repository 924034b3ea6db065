"""Sub-processors of a tenant's service, announced changes, records of processing (E1, Art. 30)."""
