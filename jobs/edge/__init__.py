"""Between HTTP server and application: bodies in whole, answers paced, all of it bounded."""
