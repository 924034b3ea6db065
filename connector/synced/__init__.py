"""Things that are kept in step with an outside system: their shapes, and the way they are kept."""
