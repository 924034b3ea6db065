"""The public privacy centre: notices, requests, objections. It sets no cookie (promise D5)."""
