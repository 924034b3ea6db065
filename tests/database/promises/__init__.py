"""The promises, held against an installation that is lived in."""
