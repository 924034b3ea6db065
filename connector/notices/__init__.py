"""A tenant's notices: derived profiles, publication, announcement, decisions."""
