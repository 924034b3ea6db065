"""Pages of events out: endpoints and their log."""
