"""What may stand between two slashes of an address."""

from flask import Flask
from werkzeug.routing import BaseConverter


class PathPart(BaseConverter):
    """A name or an id in an address. None holds a zero byte, which PostgreSQL does not even compare with."""

    regex = r"[^/\x00]+"
    part_isolating = True


def init(app: Flask) -> None:
    """Let addresses that can lead nowhere be unknown ones."""
    app.url_map.converters["default"] = PathPart
