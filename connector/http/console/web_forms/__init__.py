"""Pages of web forms."""
