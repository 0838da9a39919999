"""Is the process there, and can it serve people?"""

from http import HTTPStatus

from flask import Blueprint, current_app, g, jsonify
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from tracker.services.health import CHECKS, Health, Watch

EXTENSION = "health"

bp = Blueprint("health", __name__)


@bp.record
def watch(state: BlueprintSetupState) -> None:
    """Give each app a watch of its own."""
    state.app.extensions[EXTENSION] = Watch(CHECKS)


@bp.get("/livez")
def livez() -> Response:
    """200 while this worker answers; says nothing about the stores."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
def readyz() -> Response:
    """200 while people can be served, else 503; how each thing is in a word, and nothing else."""
    health = get_health()
    response = jsonify(ready=health.is_ready, checks={fact.name: fact.state for fact in health.facts})
    if not health.is_ready:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        response.headers["Retry-After"] = "2"
    return response


def get_health() -> Health:
    """How everything is."""
    found: Watch = current_app.extensions[EXTENSION]
    return found.ask(g.now)
