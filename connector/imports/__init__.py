"""Files of an exchange, read in pieces; an import that was interrupted goes on."""
