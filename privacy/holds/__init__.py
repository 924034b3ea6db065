"""Legal holds: rows that nobody deletes while a claim about them stands."""
