"""Every setting, typed, read once from `TRACKER_*` variables; what `make run` generated fills the gaps.

| variable | meaning | default |
|---|---|---|
| TRACKER_INSTANCE | folder for generated secrets and the embedded stores | `instance` beside wsgi.py |
| TRACKER_SECRET_KEY | signs cookies and forms; at least 32 characters | generated in the instance folder |
| TRACKER_DATABASE_URL | SQLite or PostgreSQL: who people are | SQLite in the instance folder |
| TRACKER_MONGODB_URI | MongoDB with a database name: what people did | the embedded server, while it runs |
| TRACKER_HTTPS | `1` when served under TLS: secure cookies, HSTS | `0` |
| TRACKER_PROXIES | how many reverse proxies stand in front | `0` |
| TRACKER_EXTRA_TIME | who sets people's extra time: `self`, or `staff` (leads and admins) | `self` |
| TRACKER_CHANGES_A_SECOND | how many changes a second one attempt takes after the first 20; `0`: all | `5` |
| TRACKER_RETAKE_DAYS | days until an assessment can be taken again | `1` |
| TRACKER_ADDRESS | where people reach it, for links in mails | what the launcher serves; none behind a proxy |
| TRACKER_SMTP_URL | who sends mails: smtp://user:password@host:port, or smtps:// | nobody: they are written to files |
| TRACKER_MAIL_FROM | whom mails are from | `skillmark@localhost` |
| TRACKER_OIDC_ISSUER | an OpenID Connect provider that people can sign in with, as it names itself | none |
| TRACKER_OIDC_CLIENT_ID | as whom it knows us | set with the issuer |
| TRACKER_OIDC_CLIENT_SECRET | what shows it that we are who we say | a public client: PKCE alone |
| TRACKER_OIDC_NAME | what people call it: "Sign in with ..." | `your organisation` |
| TRACKER_KEEP_MAILS_DAYS | for so long mails stay that were sent, or that nobody needs any more | `30` |
| TRACKER_KEEP_LOOKS_DAYS | for so long people can read who looked at their results | `365` |
| TRACKER_KEEP_AUDIT_DETAILS_DAYS | for so long the audit trail knows from where something was done | `90` |
| TRACKER_LOG | `text`: what goes wrong, for a terminal; `json`: an object a line, one a request too | `text` |
| TRACKER_METRICS_TOKEN | what a scraper shows at `/metrics`; at least 32 characters | there are no metrics |
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
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
        "TRACKER_CHANGES_A_SECOND",
        "TRACKER_RETAKE_DAYS",
        "TRACKER_ADDRESS",
        "TRACKER_SMTP_URL",
        "TRACKER_MAIL_FROM",
        "TRACKER_OIDC_ISSUER",
        "TRACKER_OIDC_CLIENT_ID",
        "TRACKER_OIDC_CLIENT_SECRET",
        "TRACKER_OIDC_NAME",
        "TRACKER_KEEP_MAILS_DAYS",
        "TRACKER_KEEP_LOOKS_DAYS",
        "TRACKER_KEEP_AUDIT_DETAILS_DAYS",
        "TRACKER_LOG",
        "TRACKER_METRICS_TOKEN",
    }
)
SHORTEST_SECRET = 32
MOST_RETAKE_DAYS = 365
POSSIBLE_CHANGES_A_SECOND = (0, *range(5, 1001))  # with fewer, a last answer would wait longer than the grace
MOST_KEPT_DAYS = 3650
SECRET_KEY_FILE = "secret_key"  # noqa: S105 -- the file's name
MONGODB_URI_FILE = "mongodb.uri"
DATABASE_FILE = "skillmark.sqlite3"
ADDRESS = "http://127.0.0.1:8000"
METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # what Prometheus's library calls the folder that processes count in
MAIL_FROM = "skillmark@localhost"
MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
SMTP_PORTS = {"smtp": 25, "smtps": 465}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
LONGEST_ISSUER = 200
LONGEST_PROVIDER_NAME = 40


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Who sends mails. is_tls: encrypted from the first byte; otherwise as soon as the server offers it."""

    host: str
    port: int
    is_tls: bool = False
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Provider:
    """Who vouches for people who sign in elsewhere (OpenID Connect). client_secret: empty for a public client."""

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    name: str = "your organisation"


@dataclass(frozen=True, slots=True)
class Keep:
    """For how many days what is kept that goes by itself."""

    mails_days: int = 30
    looks_days: int = 365
    audit_details_days: int = 90


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one running app.

    is_store_named: whether they name the document store, which is else the launcher's. bank: the bank's folder.
    """

    secret_key: str
    database_url: str
    mongodb_uri: str
    is_store_named: bool = False
    instance: Path = ROOT / "instance"
    is_https: bool = False
    proxies: int = 0
    is_extra_time_self_set: bool = True
    changes_a_second: int = 5
    retake_days: int = 1
    address: str = ADDRESS
    smtp: SmtpServer | None = None
    mail_from: str = MAIL_FROM
    provider: Provider | None = None
    keep: Keep = Keep()
    is_log_json: bool = False
    metrics_token: str = field(default="", repr=False)
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
            faults.append(
                "TRACKER_MONGODB_URI: set it, or start the embedded server: `make run`, or for one command"
                " `python -m tracker.launch exec -- .venv/bin/flask …`"
            )
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
        changes_a_second = environment.get("TRACKER_CHANGES_A_SECOND") or "5"
        if not (changes_a_second.isdecimal() and int(changes_a_second) in POSSIBLE_CHANGES_A_SECOND):
            faults.append("TRACKER_CHANGES_A_SECOND: must be a whole number from 5 to 1000, or 0")
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
        provider, its_faults = _provider(environment)
        faults += its_faults
        keep = {
            name: environment.get(f"TRACKER_KEEP_{name.upper()}") or str(usual)
            for name, usual in asdict(Keep()).items()
        }
        faults += [
            f"TRACKER_KEEP_{name.upper()}: must be a whole number from 1 to {MOST_KEPT_DAYS}"
            for name, days in keep.items()
            if not (days.isdecimal() and 1 <= int(days) <= MOST_KEPT_DAYS)
        ]
        log = environment.get("TRACKER_LOG") or "text"
        if log not in {"text", "json"}:
            faults.append("TRACKER_LOG: must be text or json")
        metrics_token = environment.get("TRACKER_METRICS_TOKEN") or ""
        if metrics_token and not (len(metrics_token) >= SHORTEST_SECRET and metrics_token.isascii()):
            faults.append(f"TRACKER_METRICS_TOKEN: must be at least {SHORTEST_SECRET} plain characters")

        if faults:
            raise ConfigError(faults)
        return cls(
            secret_key=secret_key,
            database_url=environment.get("TRACKER_DATABASE_URL") or f"sqlite:///{instance / DATABASE_FILE}",
            mongodb_uri=mongodb_uri,
            is_store_named=bool(environment.get("TRACKER_MONGODB_URI")),
            instance=instance,
            is_https=https == "1",
            proxies=int(proxies),
            is_extra_time_self_set=extra_time == "self",
            changes_a_second=int(changes_a_second),
            retake_days=int(retake_days),
            address=address,
            smtp=smtp,
            mail_from=mail_from,
            provider=provider,
            keep=Keep(**{name: int(days) for name, days in keep.items()}),
            is_log_json=log == "json",
            metrics_token=metrics_token,
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


def _provider(environment: Mapping[str, str]) -> tuple[Provider | None, list[str]]:
    """The provider that these variables name, if they do, and what is wrong with it."""
    settings = {
        name: environment.get(f"TRACKER_OIDC_{name.upper()}") or ""
        for name in ("issuer", "client_id", "client_secret", "name")
    }
    if not any(settings.values()):
        return None, []
    faults = []
    if not (settings["issuer"] and settings["client_id"]):
        faults.append("TRACKER_OIDC_ISSUER and TRACKER_OIDC_CLIENT_ID: set both, or nothing of TRACKER_OIDC")
    if settings["issuer"] and not _is_issuer(settings["issuer"]):
        faults.append(
            "TRACKER_OIDC_ISSUER: must be as https://accounts.example.org; http:// is for providers on this machine"
        )
    if not (len(settings["name"]) <= LONGEST_PROVIDER_NAME and settings["name"].isprintable()):
        faults.append(f"TRACKER_OIDC_NAME: must be a name of {LONGEST_PROVIDER_NAME} characters at most")
    return Provider(**{name: value for name, value in settings.items() if value}) if not faults else None, faults


def _is_issuer(address: str) -> bool:
    """Whether a provider can name itself so: nobody between it and us can read or change what it says."""
    parts = _split(address)
    return (
        parts is not None
        and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))
        and not (parts.query or parts.fragment or "@" in parts.netloc)
        and len(address) <= LONGEST_ISSUER
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
