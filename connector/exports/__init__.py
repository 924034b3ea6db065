"""A tenant's own archive: made, kept sealed for a while, fetched once; and brought in elsewhere."""
