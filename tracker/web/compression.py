"""Replies to our own scripts are compressed; whole pages are not.

A page holds a form token beside text that an address can choose, and the length of a compressed page tells of both. A
request with a header of our own cannot come from another site, so what answers it may be as short as it can be.
"""

import gzip

from flask import Flask, request
from werkzeug.wrappers import Response

LEVEL = 6


def init(app: Flask) -> None:
    """Compress what answers our scripts, where the browser takes it."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    is_ours = "HX-Request" in request.headers and request.accept_encodings.quality("gzip") > 0
    if is_ours and response.mimetype == "text/html" and response.get_data():
        response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
        response.content_encoding = "gzip"
        response.vary.add("Accept-Encoding")
    return response
