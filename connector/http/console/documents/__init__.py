"""Pages of what is sent to connected systems."""
