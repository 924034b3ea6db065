"""Who is not to be reached for what: tokens that outlive an erasure, and the one question."""
