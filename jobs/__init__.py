"""The worker process: the only place that knows RQ."""
