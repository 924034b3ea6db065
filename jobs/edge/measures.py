"""What the edge counts for Prometheus; no label holds anything of a request."""

from typing import Final

from prometheus_client import Counter, Gauge

REFUSED: Final = Counter(
    "silta_web_refused_total", "Requests answered or cut without the application.", ("reason",)
)
HELD: Final = Gauge(
    "silta_web_body_bytes", "Request bodies in memory.", multiprocess_mode="livesum"
)
STREAMS: Final = Gauge(
    "silta_web_streams", "Answers that are sent in parts.", multiprocess_mode="livesum"
)
WAITING: Final = Gauge(
    "silta_web_waiting", "Requests that wait for a thread.", multiprocess_mode="livesum"
)
