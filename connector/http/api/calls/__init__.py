"""Call records in the API: send many, search, read one."""
