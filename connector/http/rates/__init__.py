"""How many requests a program or an exchange may send."""
