"""Every request gets an id and, once it is answered, a line in the log and a place in the counts.

The line names the rule, not the address, which may hold a token; the person by their number; and nothing of what was
sent. The id comes back as `X-Request-ID`, and stands on the page when something went wrong on our side.
"""

import re
import time
from http import HTTPStatus
from uuid import uuid4

from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars

from tracker import logs, metrics

HEADER = "X-Request-ID"
SANE = re.compile(r"[A-Za-z0-9_-]{8,64}")
NOWHERE = "none"
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


def init(app: Flask) -> None:
    """Tell of every request of the app; to be called before anything else looks at requests."""
    app.before_request(_begin)
    app.after_request(_note_answer)
    app.teardown_request(_tell)


def _begin() -> None:
    given = request.headers.get(HEADER, "")
    g.request_id = given if SANE.fullmatch(given) else uuid4().hex
    g.began = time.perf_counter()
    clear_contextvars()
    bind_contextvars(request=g.request_id)


def _note_answer(response: Response) -> Response:
    response.headers[HEADER] = g.request_id
    g.status = response.status_code
    return response


def _tell(_error: BaseException | None) -> None:
    """Tell of a request when all is done, an error on the way included."""
    if "began" not in g:
        return
    seconds = time.perf_counter() - g.began
    rule = request.url_rule.rule if request.url_rule else NOWHERE
    method = request.method if request.method in METHODS else NOWHERE
    status = g.get("status", HTTPStatus.SERVICE_UNAVAILABLE)
    metrics.requests.labels(method, rule, status).inc()
    metrics.request_seconds.labels(rule).observe(seconds)
    person = getattr(g.get("person") or g.get("_login_user"), "id", None)
    logs.requests.info(
        "request",
        extra={"method": method, "rule": rule, "status": int(status), "ms": round(seconds * 1000, 1), "person": person},
    )
