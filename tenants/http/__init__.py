"""The tenants' face on the web: guard, sign-in pages, and what every response carries."""
