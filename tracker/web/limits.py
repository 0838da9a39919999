"""How often one address or person may try things; counted in the document store, so by all workers together."""

import math
import time
from typing import Any

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user
from limits.storage.mongodb import MongoDBStorageBase
from pymongo import MongoClient
from pymongo.uri_parser import parse_uri

from tracker.config import Config

SIGN_IN = "30 per minute"
SIGN_UP = "30 per hour"
PDF = "6 per minute"
MAILED = "20 per hour"
EXPORT = "10 per minute"
SCHEME = "counts"
TIMEOUT_MS = 2000

limiter = Limiter(key_func=get_remote_address, strategy="fixed-window")


class Counts(MongoDBStorageBase):
    """The library's MongoDB storage, left to the process's end: the library's own closing hangs or fails there."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 -- the library reads it from the class

    def _init_mongo_client(self, uri: str | None, **options: Any) -> MongoClient[dict[str, Any]]:
        return MongoClient(str(uri).removeprefix(f"{SCHEME}:"), timeoutMS=TIMEOUT_MS, **options)

    def __del__(self) -> None:
        """Close nothing."""


def init(app: Flask, config: Config) -> None:
    """Count in the app's own document database."""
    app.config["RATELIMIT_STORAGE_URI"] = f"{SCHEME}:{config.mongodb_uri}"
    app.config["RATELIMIT_STORAGE_OPTIONS"] = {"database_name": parse_uri(config.mongodb_uri)["database"]}
    limiter.init_app(app)


def whoever_asks() -> str:
    """Who a request counts for: the person, wherever they are, or a visitor's address."""
    return f"person {current_user.id}" if current_user.is_authenticated else get_remote_address()


def seconds_to_wait() -> int:
    """How long until the limit that this request met begins anew."""
    met = limiter.current_limit
    return max(1, math.ceil(met.reset_at - time.time())) if met else 1
