"""Call usage of a month, priced and billed to a customer in the books."""
