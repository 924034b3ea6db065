"""What the product does: accounts, calls, and the faces of both (API, console)."""
