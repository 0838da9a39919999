"""The JSON API: the same services as the pages, for programs.

A module a noun; `schemas_<noun>.py` is what it gives and takes. `operation.py` makes a view an operation: who may ask,
how the request is read, how the answer is written, and what `document.py` says of it.
"""

from flask import Flask, Response
from flask_wtf import CSRFProtect

from tracker.web.api import assessments, attempts, bearer, cohorts, document, me, roadmap
from tracker.web.api.problems import is_api

BLUEPRINTS = (document, roadmap, assessments, attempts, me, cohorts)


def init(app: Flask, csrf: CSRFProtect) -> None:
    """Add the API to the app. It reads no cookie, so no form token is asked for."""
    for module in BLUEPRINTS:
        csrf.exempt(module.bp)
        app.register_blueprint(module.bp)
    app.after_request(_tell_limits)


def _tell_limits(response: Response) -> Response:
    if is_api():
        bearer.tell_limits(response)
    return response
