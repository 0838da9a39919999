"""How often one address or person may try things; counted in the document store, so by all workers together."""

import math
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user
from limits.storage.mongodb import MongoDBStorageBase
from pymongo import MongoClient
from pymongo.uri_parser import parse_uri

from tracker import clock
from tracker.config import Config
from tracker.web.buffered import THREADS

SIGN_IN = "30 per minute"
SIGN_UP = "5 per hour"
RESET = "3 per hour"
TRIES = "30 per hour"
"""Forms sent to sign up or to get a new password, those that did not fit as well."""

PDF = "6 per minute"
MAILED = "20 per hour"
EXPORT = "10 per minute"
PERSONAL_DATA = "10 per hour"
TOKENS = "20 per hour"
API_REQUESTS, API_GUESSES, API_WINDOW = 120, 30, timedelta(minutes=1)
SCHEME = "counts"
TIMEOUT_MS = 2000

IPV6_PLACE = 64
"""So many bits of an IPv6 address name a place; whoever is there has all addresses that begin so."""


def place() -> str:
    """Where a request comes from, as far as one place can be told from another."""
    address = get_remote_address()
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return address
    return str(known.ipv4_mapped or IPv6Network((int(known), IPV6_PLACE), strict=False))


limiter = Limiter(key_func=place, strategy="fixed-window")


class Counts(MongoDBStorageBase):
    """The library's MongoDB storage, left to the process's end: the library's own closing hangs or fails there."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 -- the library reads it from the class

    def _init_mongo_client(self, uri: str | None, **options: Any) -> MongoClient[dict[str, Any]]:
        return MongoClient(str(uri).removeprefix(f"{SCHEME}:"), timeoutMS=TIMEOUT_MS, maxPoolSize=THREADS, **options)

    def __del__(self) -> None:
        """Close nothing."""

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """The count with one more. In the embedded store the library's own way reads all counts and ends no window."""
        return self.count(key, window=timedelta(seconds=expiry), amount=amount)[0]

    def count(self, key: str, *, window: timedelta, amount: int = 1) -> tuple[int, datetime]:
        """One more of something: how many there are in its window now, and when that ends."""
        now = clock.now()
        is_over = {"$lt": ["$expireAt", now]}
        ends_at = {"$cond": [is_over, now + window, "$expireAt"]}
        total = {"$cond": [is_over, amount, {"$add": ["$count", amount]}]}
        self.counters.update_one({"_id": key}, [{"$set": {"count": total, "expireAt": ends_at}}], upsert=True)
        counted = self.counters.find_one({"_id": key}) or {"count": amount, "expireAt": now + window}
        return counted["count"], counted["expireAt"].replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Quota:
    """What somebody has used of so many requests. remaining: how many they have left; below 0 after too many."""

    limit: int
    remaining: int
    reset_seconds: int


def init(app: Flask, config: Config) -> None:
    """Count in the app's own document database."""
    app.config["RATELIMIT_STORAGE_URI"] = f"{SCHEME}:{config.mongodb_uri}"
    app.config["RATELIMIT_STORAGE_OPTIONS"] = {"database_name": parse_uri(config.mongodb_uri)["database"]}
    limiter.init_app(app)


def whoever_asks() -> str:
    """Who a request counts for: the person, wherever they are, or a visitor's place."""
    return f"person {current_user.id}" if current_user.is_authenticated else place()


def count_request(person_id: int) -> Quota:
    """Count one request to the API in this person's name, whichever of their tokens it carries."""
    return _count(f"api/{person_id}", API_REQUESTS)


def count_guess() -> Quota:
    """Count one request to the API from this place that has no token which works."""
    return _count(f"api guess/{place()}", API_GUESSES)


def seconds_to_wait() -> int:
    """How long until the limit that this request met begins anew."""
    met = limiter.current_limit
    return max(1, math.ceil(met.reset_at - time.time())) if met else 1


def _count(key: str, limit: int) -> Quota:
    counts: Counts = limiter.storage  # type: ignore[assignment]
    count, ends_at = counts.count(key, window=API_WINDOW)
    return Quota(limit, limit - count, max(1, math.ceil(ends_at.timestamp() - time.time())))
