"""Moving house: the whole database to another PostgreSQL server, with a minute of silence."""
