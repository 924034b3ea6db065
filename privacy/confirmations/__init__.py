"""What somebody said on a public page, and confirms with a code that was mailed."""
