"""An app whose mails leave the machine, and the links in them; nothing is sent unless a job does it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select

from tracker.config import Config, SmtpServer
from tracker.storage import post, sql
from tracker.storage.tables import Mail

LINK = re.compile(r"^https?://\S+$", re.MULTILINE)


@contextmanager
def mailing(app: Flask, config: Config) -> Iterator[None]:
    """Let mails leave the machine meanwhile."""
    known = {"instance": config.instance, "mail_from": config.mail_from}
    post.connect(app, smtp=SmtpServer(host="127.0.0.1", port=25), **known)
    try:
        yield
    finally:
        post.connect(app, smtp=None, **known)


def texts_to(address: str) -> list[str]:
    """The texts of all mails to an address, oldest first."""
    with sql.db.engine.connect() as connection:
        return list(connection.scalars(select(Mail.text).where(Mail.address == address).order_by(Mail.id)))


def link_to(address: str) -> str:
    """Where the first link in the newest mail to an address leads, on our site."""
    parts = urlsplit(LINK.findall(texts_to(address)[-1])[0])
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
