"""What is counted of the running service, for Prometheus.

Labels are few and fixed: never a path, an id or anything that people send. The launcher's processes count in files of
one folder, named by METRICS_FOLDER before this is loaded, so that any of them can tell the sum of all.
"""

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from tracker.config import METRICS_FOLDER

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)

registry = CollectorRegistry()

requests = Counter("skillmark_requests", "Requests answered", ["method", "rule", "status"], registry=registry)
request_seconds = Histogram(
    "skillmark_request_seconds", "Time to make an answer", ["rule"], buckets=SECONDS, registry=registry
)
store_errors = Counter("skillmark_store_errors", "Requests that a store failed", ["store"], registry=registry)
answers = Counter("skillmark_answers", "Answers of attempts saved", registry=registry)
attempts_started = Counter("skillmark_attempts_started", "Attempts begun", registry=registry)
attempts_finished = Counter("skillmark_attempts_finished", "Attempts closed, in whatever way", registry=registry)
attempts_swept = Counter("skillmark_attempts_swept", "Attempts that the sweep closed", registry=registry)
mails_sent = Counter("skillmark_mails_sent", "Mails sent, or written where none are", registry=registry)
mails_failed = Counter("skillmark_mails_failed", "Tries to send a mail that failed", registry=registry)
mails_waiting = Gauge("skillmark_mails_waiting", "Mails due", registry=registry, multiprocess_mode="mostrecent")
job_runs = Counter("skillmark_job_runs", "Jobs run", ["job", "outcome"], registry=registry)


def told() -> bytes:
    """All counts of all processes that share the folder, or of this one without any, as Prometheus reads them."""
    shared = CollectorRegistry()
    if os.environ.get(METRICS_FOLDER):
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
        return generate_latest(shared)
    return generate_latest(registry)
