"""What Prometheus reads: only with the token of the settings; without one there is nothing here."""

import hmac

from flask import Blueprint, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST
from werkzeug.wrappers import Response

from tracker import metrics
from tracker.errors import NotFound

bp = Blueprint("metrics", __name__)


@bp.get("/metrics")
def show() -> Response:
    """The counts of all workers and companions. Raises: NotFound, to whoever does not show the token."""
    token: str = current_app.config["METRICS_TOKEN"]
    shown = request.authorization
    sent = shown.token if shown and shown.type == "bearer" else None
    if not token or not sent or not hmac.compare_digest(sent.encode(), token.encode()):
        raise NotFound
    return Response(metrics.told(), content_type=CONTENT_TYPE_LATEST)
