"""Apps on SQL databases of their own."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from tracker.storage import sql


@contextmanager
def connected(url: str) -> Iterator[Flask]:
    """An app on this database, in an app context."""
    app = Flask("tracker")
    sql.connect(app, url)
    with app.app_context():
        yield app
        sql.db.session.remove()
        sql.db.engine.dispose()


def with_tables(url: str) -> str:
    """The same address, once all tables are there."""
    with connected(url):
        sql.upgrade()
    return url
