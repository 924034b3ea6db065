"""Pages on which the promises are held against what was found."""
