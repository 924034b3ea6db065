"""What Alice's tenant lived through: each module makes some of the things that have an id."""
