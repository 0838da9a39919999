"""Every setting, typed, read once from `TRACKER_*` variables; what `make run` generated fills the gaps.

| variable | meaning | default |
|---|---|---|
| TRACKER_INSTANCE | folder for generated secrets and the embedded stores | `instance` beside wsgi.py |
| TRACKER_SECRET_KEY | signs cookies and forms; at least 32 characters | generated in the instance folder |
| TRACKER_DATABASE_URL | any SQLAlchemy URL: who people are | SQLite in the instance folder |
| TRACKER_MONGODB_URI | MongoDB with a database name: what people did | the embedded server, while it runs |
| TRACKER_HTTPS | `1` when served under TLS: secure cookies, HSTS | `0` |
| TRACKER_PROXIES | how many reverse proxies stand in front | `0` |
| TRACKER_EXTRA_TIME | who sets people's extra time: `self`, or `staff` (leads and admins) | `self` |
| TRACKER_RETAKE_DAYS | days until an assessment can be taken again | `1` |
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tracker.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent

KNOWN = frozenset(
    {
        "TRACKER_INSTANCE",
        "TRACKER_SECRET_KEY",
        "TRACKER_DATABASE_URL",
        "TRACKER_MONGODB_URI",
        "TRACKER_HTTPS",
        "TRACKER_PROXIES",
        "TRACKER_EXTRA_TIME",
        "TRACKER_RETAKE_DAYS",
    }
)
SHORTEST_SECRET = 32
MOST_RETAKE_DAYS = 365
SECRET_KEY_FILE = "secret_key"  # noqa: S105 -- the file's name
MONGODB_URI_FILE = "mongodb.uri"
DATABASE_FILE = "skillmark.sqlite3"


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one running app. `bank` is the question bank's folder."""

    secret_key: str
    database_url: str
    mongodb_uri: str
    instance: Path = ROOT / "instance"
    is_https: bool = False
    proxies: int = 0
    is_extra_time_self_set: bool = True
    retake_days: int = 1
    bank: Path = ROOT / "question_bank"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Config":
        """The settings in these variables. Raises: ConfigError, naming every fault at once."""
        faults = [
            f"{name}: there is no such setting"
            for name in sorted(environment)
            if name.startswith("TRACKER_") and name not in KNOWN
        ]
        instance = Path(environment.get("TRACKER_INSTANCE") or ROOT / "instance").absolute()

        secret_key = environment.get("TRACKER_SECRET_KEY") or _generated(instance / SECRET_KEY_FILE)
        if len(secret_key) < SHORTEST_SECRET:
            faults.append(f"TRACKER_SECRET_KEY: set at least {SHORTEST_SECRET} characters, or run `make run` once")

        mongodb_uri = environment.get("TRACKER_MONGODB_URI") or _generated(instance / MONGODB_URI_FILE)
        if not mongodb_uri:
            faults.append("TRACKER_MONGODB_URI: set it, or start the embedded server with `make run`")
        elif not urlsplit(mongodb_uri).path.strip("/"):
            faults.append("TRACKER_MONGODB_URI: name a database, as in mongodb://host:27017/skillmark")

        https = environment.get("TRACKER_HTTPS") or "0"
        if https not in {"0", "1"}:
            faults.append("TRACKER_HTTPS: must be 0 or 1")
        proxies = environment.get("TRACKER_PROXIES") or "0"
        if not proxies.isdecimal():
            faults.append("TRACKER_PROXIES: must be a whole number")
        extra_time = environment.get("TRACKER_EXTRA_TIME") or "self"
        if extra_time not in {"self", "staff"}:
            faults.append("TRACKER_EXTRA_TIME: must be self or staff")
        retake_days = environment.get("TRACKER_RETAKE_DAYS") or "1"
        if not (retake_days.isdecimal() and int(retake_days) <= MOST_RETAKE_DAYS):
            faults.append(f"TRACKER_RETAKE_DAYS: must be a whole number, {MOST_RETAKE_DAYS} at most")

        if faults:
            raise ConfigError(faults)
        return cls(
            secret_key=secret_key,
            database_url=environment.get("TRACKER_DATABASE_URL") or f"sqlite:///{instance / DATABASE_FILE}",
            mongodb_uri=mongodb_uri,
            instance=instance,
            is_https=https == "1",
            proxies=int(proxies),
            is_extra_time_self_set=extra_time == "self",
            retake_days=int(retake_days),
        )


def _generated(file: Path) -> str:
    """What the launcher wrote to a file of the instance folder; empty when it did not."""
    return file.read_text().strip() if file.is_file() else ""
