"""The `silta` command, one file a subject."""
