"""Is the process there?"""

from flask import Blueprint
from werkzeug.wrappers import Response

bp = Blueprint("health", __name__)


@bp.get("/livez")
def livez() -> Response:
    """200 while this worker answers; says nothing about the stores."""
    return Response("ok\n", mimetype="text/plain")
