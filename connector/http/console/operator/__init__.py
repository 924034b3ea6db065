"""Pages of whoever runs the installation. None of them sees into a tenant's data."""
