"""A Microsoft to develop against: sign-in, Partner Center, Graph's calls and notifications."""
