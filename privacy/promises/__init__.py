"""The promises of the privacy policies, held against the running installation."""
