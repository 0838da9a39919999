"""The way of a mail out of here: to an SMTP server or, without one, into files of the instance's outbox."""

import hashlib
import os
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import Flask, current_app

from tracker.config import MAIL_ADDRESS, SmtpServer
from tracker.storage.mails import NAMING
from tracker.storage.private_file import make_private_folder, write_private
from tracker.storage.tables import Mail

EXTENSION = "post"
TIMEOUT_SECONDS = 10
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
LONGEST_PROBLEM = 300

Send = Callable[[Mail, datetime], None]


@dataclass(frozen=True, slots=True)
class Post:
    """Where an app's mails go, and whom they are from."""

    smtp: SmtpServer | None
    outbox: Path
    mail_from: str


class NotSent(Exception):
    """A mail could not be sent; the message says why."""

    def __init__(self, what: str, error: Exception) -> None:
        super().__init__(f"{what}: {_said(error)}"[:LONGEST_PROBLEM])


class PostAway(NotSent):
    """The server cannot be reached, or not any more: no other mail can be sent now either."""


def connect(app: Flask, *, smtp: SmtpServer | None, instance: Path, mail_from: str) -> None:
    """Tell the app where its mails go; nothing is opened before one is sent."""
    app.extensions[EXTENSION] = Post(smtp=smtp, outbox=instance / "outbox", mail_from=mail_from)


def leaves_machine() -> bool:
    """Whether mails are sent; otherwise they are written to files."""
    return _post().smtp is not None


@contextmanager
def opened() -> Iterator[Send]:
    """What sends mails, one after the other, each or raises NotSent. Raises: PostAway."""
    post = _post()
    if post.smtp is None:
        _make_outbox(post.outbox)
        yield lambda mail, now: _write(post.outbox, mail, _message(mail, post.mail_from, now))
        return
    server = _connected(post, post.smtp)
    try:
        yield lambda mail, now: _send(server, _message(mail, post.mail_from, now))
    finally:
        with suppress(smtplib.SMTPException, OSError):
            server.quit()


def forget_person(name: str, address: str, *, called: str) -> None:
    """Take the mails to somebody out of the outbox, and call them so in mails that others have got from them."""
    with suppress(NotSent):  # to an address that no mail can be written to there is none
        receiver = _plain(address)
        _remove_from_outbox(lambda file: _read(file)["To"] == receiver)
    for file in _post().outbox.glob("*.eml"):
        with suppress(FileNotFoundError):  # somebody else may be at it too
            _unname(file, name, called)


def remove_written_before(moment: datetime) -> int:
    """Take the mails out of the outbox that were written before a moment. Gives how many."""
    return _remove_from_outbox(lambda file: file.stat().st_mtime < moment.timestamp())


def _remove_from_outbox(is_meant: Callable[[Path], bool]) -> int:
    removed = 0
    for file in _post().outbox.glob("*.eml"):
        with suppress(FileNotFoundError):  # somebody else may be at it too
            if is_meant(file):
                file.unlink()
                removed += 1
    return removed


def _read(file: Path) -> EmailMessage:
    return message_from_bytes(file.read_bytes(), policy=policy.SMTP)


def _unname(file: Path, name: str, called: str) -> None:
    """Call somebody so in a mail that begins with their name. It stays as old as it is."""
    message = _read(file)
    text = "\n".join(message.get_content().splitlines())
    if text.lower().startswith(tuple(f"{name}{after}".lower() for after in NAMING.values())):
        _put_text(message, called + text[len(name) :])
        written_at = file.stat().st_mtime
        write_private(file, message.as_string())
        os.utime(file, (written_at, written_at))


def _put_text(message: EmailMessage, text: str) -> None:
    message.set_content(text, cte="7bit" if text.isascii() else "quoted-printable")


def _message(mail: Mail, mail_from: str, now: datetime) -> EmailMessage:
    """A mail as it travels. Its id follows from its key: one that a crash sent twice is known as the same."""
    message = EmailMessage(policy.SMTP)
    message["From"] = mail_from
    message["To"] = _plain(mail.address)
    message["Subject"] = " ".join(mail.subject.split())
    message["Date"] = now
    message["Message-ID"] = f"<{hashlib.sha256(mail.key.encode()).hexdigest()[:40]}@{_host_of(mail_from)}>"
    message["Auto-Submitted"] = "auto-generated"
    _put_text(message, mail.text)
    return message


def _plain(address: str) -> str:
    """One address and nothing else, its host as the network writes it. Raises: NotSent."""
    local, _, host = address.rpartition("@")
    try:
        plain = f"{local}@{host.encode('idna').decode()}"
        if not MAIL_ADDRESS.fullmatch(plain):
            raise ValueError("it is no plain address")
    except ValueError as error:
        raise NotSent("No mail can be written to this address", error) from error
    return plain


def _make_outbox(outbox: Path) -> None:
    try:
        make_private_folder(outbox)
    except OSError as error:
        raise PostAway("The outbox cannot be used", error) from error


def _write(outbox: Path, mail: Mail, message: EmailMessage) -> None:
    """Keep a mail as a file, named by when it was written and what it is for."""
    key = re.sub(r"[^A-Za-z0-9]+", "-", mail.key)
    try:
        write_private(outbox / f"{message['Date'].datetime:%Y%m%dT%H%M%SZ}-{key}.eml", message.as_string())
    except OSError as error:
        raise PostAway("It could not be written to the outbox", error) from error


def _send(server: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        server.send_message(message)
    except smtplib.SMTPServerDisconnected as error:
        raise PostAway("The mail server hung up", error) from error
    except smtplib.SMTPException as error:
        raise NotSent("The mail server did not take it", error) from error


def _connected(post: Post, smtp: SmtpServer) -> smtplib.SMTP:
    """A connection to the server, encrypted if that is possible, signed in if that is asked for. Raises: PostAway."""
    name = _host_of(post.mail_from)
    try:
        if smtp.is_tls:
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                smtp.host, smtp.port, local_hostname=name, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(smtp.host, smtp.port, local_hostname=name, timeout=TIMEOUT_SECONDS)
    except (smtplib.SMTPException, OSError) as error:
        raise PostAway("The mail server cannot be reached", error) from error
    try:
        is_secret = smtp.is_tls or _is_encrypted_now(server)
        if smtp.user:
            _sign_in(server, smtp, is_secret=is_secret or smtp.host in LOOPBACK)
    except (smtplib.SMTPException, OSError) as error:
        server.close()
        raise PostAway("The mail server cannot be used", error) from error
    return server


def _is_encrypted_now(server: smtplib.SMTP) -> bool:
    """Encrypt a connection if its server offers to. Says whether it is encrypted."""
    server.ehlo_or_helo_if_needed()
    if not server.has_extn("starttls"):
        return False
    server.starttls(context=ssl.create_default_context())
    return True


def _sign_in(server: smtplib.SMTP, smtp: SmtpServer, *, is_secret: bool) -> None:
    """Say who we are; the password crosses no network in the clear."""
    if not is_secret:
        raise smtplib.SMTPNotSupportedError("it offers no encryption, so the password was not sent")
    server.login(smtp.user, smtp.password)


def _host_of(address: str) -> str:
    return address.rpartition("@")[2]


def _said(error: Exception) -> str:
    """What an error says, on one line."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        [(code, answer)] = error.recipients.values()
        return _answer(code, answer)
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return " ".join(str(error).split()) or type(error).__name__


def _answer(code: int, answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return " ".join(f"{code} {text}".split())


def _post() -> Post:
    post: Post = current_app.extensions[EXTENSION]
    return post
