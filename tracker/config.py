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
| TRACKER_ADDRESS | where people reach it, for links in mails | what the launcher serves; none behind a proxy |
| TRACKER_SMTP_URL | who sends mails: smtp://user:password@host:port, or smtps:// | nobody: they are written to files |
| TRACKER_MAIL_FROM | whom mails are from | `skillmark@localhost` |
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

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
        "TRACKER_ADDRESS",
        "TRACKER_SMTP_URL",
        "TRACKER_MAIL_FROM",
    }
)
SHORTEST_SECRET = 32
MOST_RETAKE_DAYS = 365
SECRET_KEY_FILE = "secret_key"  # noqa: S105 -- the file's name
MONGODB_URI_FILE = "mongodb.uri"
DATABASE_FILE = "skillmark.sqlite3"
ADDRESS = "http://127.0.0.1:8000"
MAIL_FROM = "skillmark@localhost"
MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
SMTP_PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Who sends mails. is_tls: encrypted from the first byte; otherwise as soon as the server offers it."""

    host: str
    port: int
    is_tls: bool = False
    user: str = ""
    password: str = field(default="", repr=False)


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
    address: str = ADDRESS
    smtp: SmtpServer | None = None
    mail_from: str = MAIL_FROM
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
        if is_behind_proxy(environment) and not environment.get("TRACKER_ADDRESS"):
            faults.append("TRACKER_ADDRESS: set it with TRACKER_HTTPS or TRACKER_PROXIES: links in mails begin with it")
        address = (environment.get("TRACKER_ADDRESS") or ADDRESS).rstrip("/")
        if not _is_site(address):
            faults.append("TRACKER_ADDRESS: must be http:// or https:// and a host, as in https://skills.example.org")
        smtp_url = environment.get("TRACKER_SMTP_URL") or ""
        smtp = _smtp_server(smtp_url)
        if smtp_url and not smtp:
            faults.append("TRACKER_SMTP_URL: must be as smtp://host, or smtps://user:password@host:465")
        mail_from = environment.get("TRACKER_MAIL_FROM") or MAIL_FROM
        if not MAIL_ADDRESS.fullmatch(mail_from):
            faults.append("TRACKER_MAIL_FROM: must be a plain address, as in skillmark@example.org")

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
            address=address,
            smtp=smtp,
            mail_from=mail_from,
        )


def is_behind_proxy(environment: Mapping[str, str]) -> bool:
    """Whether people reach it at another address than the one it serves."""
    proxies = environment.get("TRACKER_PROXIES") or "0"
    return environment.get("TRACKER_HTTPS") == "1" or (proxies.isdecimal() and int(proxies) > 0)


def _is_site(address: str) -> bool:
    """Whether this is a scheme, a host and perhaps a port, and nothing else."""
    parts = _split(address)
    return (
        parts is not None
        and parts.scheme in {"http", "https"}
        and address == f"{parts.scheme}://{parts.netloc}"
        and "@" not in parts.netloc
    )


def _smtp_server(url: str) -> SmtpServer | None:
    """The server at this address; None when it names none."""
    parts = _split(url)
    if parts is None or parts.scheme not in SMTP_PORTS or parts.path.strip("/") or parts.query or parts.fragment:
        return None
    return SmtpServer(
        host=parts.hostname or "",
        port=parts.port or SMTP_PORTS[parts.scheme],
        is_tls=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _split(url: str) -> SplitResult | None:
    """The parts of an address with a host, and a port that is one if any; None for any other text."""
    try:
        parts = urlsplit(url)
        is_sound = bool(parts.hostname) and parts.port != 0 and url.isascii() and url.isprintable() and " " not in url
    except ValueError:
        return None
    return parts if is_sound else None


def _generated(file: Path) -> str:
    """What the launcher wrote to a file of the instance folder; empty when it did not."""
    return file.read_text().strip() if file.is_file() else ""
