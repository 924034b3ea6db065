"""A tenant to look at: sample people, a telephone system, calls of the last weeks and of now."""
