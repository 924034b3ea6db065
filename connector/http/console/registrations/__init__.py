"""Pages on which registrations are checked."""
