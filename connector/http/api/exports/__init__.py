"""/api/v1/exports: archives of everything a tenant has."""
