"""The way of a mail out of here, by a real server: whole, to one address, secret where it must be."""

import os
import shutil
import ssl
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_string, policy
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.conftest import NOON
from tests.launcher import a_free_port
from tests.mail_server import Mailbox, a_mail_server
from tracker.config import SmtpServer
from tracker.storage import post
from tracker.storage.post import NotSent, PostAway
from tracker.storage.tables import Mail


def a_mail(**fields: Any) -> Mail:
    """A mail to Ada."""
    told = {"key": "invitation/1", "address": "ada@example.org", "subject": "You are invited", "text": "Come.\n"}
    return Mail(**{**told, **fields})


@contextmanager
def opened(instance: Path, **smtp: Any) -> Iterator[post.Send]:
    """The way of an app with this server; into files without one."""
    app = Flask("post")
    server = SmtpServer(host="127.0.0.1", **smtp) if smtp else None
    post.connect(app, smtp=server, instance=instance, mail_from="skills@example.com")
    with app.app_context(), post.opened() as send:
        yield send


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for this machine that is trusted here."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("no openssl to make a certificate with")
    key, made = tmp_path / "key.pem", tmp_path / "certificate.pem"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = [program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", made, *names]
    subprocess.run(command, check=True, capture_output=True)
    monkeypatch.setitem(os.environ, "SSL_CERT_FILE", str(made))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(made, key)
    return context


def test_a_mail_arrives_whole(mailbox: Mailbox, tmp_path: Path) -> None:
    with a_mail_server(mailbox) as port, opened(tmp_path, port=port) as send:
        send(a_mail(subject="Grüße an Zoë", text="Bis zum 3. Mai, 18:00 — hier:\nhttps://example.com/x\n"), NOON)

    [message] = mailbox.messages
    assert mailbox.recipients == ["ada@example.org"]
    assert (message["To"], message["From"]) == ("ada@example.org", "skills@example.com")
    assert message["Subject"] == "Grüße an Zoë"
    assert message["Date"].datetime == NOON
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    assert message.get_content() == "Bis zum 3. Mai, 18:00 — hier:\nhttps://example.com/x\n"


def test_sent_twice_it_is_known_as_the_same_and_another_is_not(mailbox: Mailbox, tmp_path: Path) -> None:
    with a_mail_server(mailbox) as port, opened(tmp_path, port=port) as send:
        for key in ("reminder/1", "reminder/1", "reminder/2"):
            send(a_mail(key=key), NOON)

    first, again, other = (message["Message-ID"] for message in mailbox.messages)
    assert first == again != other
    assert "reminder" not in first


def test_a_subject_adds_no_headers(mailbox: Mailbox, tmp_path: Path) -> None:
    with a_mail_server(mailbox) as port, opened(tmp_path, port=port) as send:
        send(a_mail(subject="Come\r\nBcc: omar@example.org\n\nand\x0bread\u2028this"), NOON)

    [message] = mailbox.messages
    assert message["Subject"] == "Come Bcc: omar@example.org and read this"
    assert "Bcc" not in message
    assert mailbox.recipients == ["ada@example.org"]
    assert message.get_content() == "Come.\n"


@pytest.mark.parametrize(
    "address",
    [
        "ada@example.org, omar@example.org",
        "ada@example.org\r\nBcc: omar@example.org",
        "ada@example.org> NOTIFY=SUCCESS",
        "Ada <ada@example.org>",
        "ada@",
        "ada",
        "",
        "zoë@example.org",
        f"ada@{'x' * 64}.example",
    ],
)
def test_what_is_not_one_address_gets_nothing(mailbox: Mailbox, tmp_path: Path, address: str) -> None:
    with a_mail_server(mailbox) as port, opened(tmp_path, port=port) as send:
        with pytest.raises(NotSent, match="No mail can be written to this address"):
            send(a_mail(address=address), NOON)
        send(a_mail(), NOON)

    assert mailbox.recipients == ["ada@example.org"]


def test_a_host_in_any_script_is_written_as_the_network_does(mailbox: Mailbox, tmp_path: Path) -> None:
    with a_mail_server(mailbox) as port, opened(tmp_path, port=port) as send:
        send(a_mail(address="ada@bücher.example"), NOON)

    assert mailbox.recipients == ["ada@xn--bcher-kva.example"]


def test_one_that_is_refused_says_why_and_stops_no_other(mailbox: Mailbox, tmp_path: Path) -> None:
    mailbox.refused.add("gone@example.org")
    with a_mail_server(mailbox) as port, opened(tmp_path, port=port) as send:
        with pytest.raises(NotSent) as refusal:
            send(a_mail(address="gone@example.org"), NOON)
        send(a_mail(), NOON)

    assert str(refusal.value) == "The mail server did not take it: 550 5.1.1 No such mailbox here"
    assert not isinstance(refusal.value, PostAway)
    assert mailbox.recipients == ["ada@example.org"]


def test_a_server_that_is_not_there_is_away(tmp_path: Path) -> None:
    with (
        pytest.raises(PostAway, match=r"The mail server cannot be reached: .*refused"),
        opened(tmp_path, port=a_free_port()),
    ):
        pass


def test_a_server_that_hangs_up_is_away(mailbox: Mailbox, tmp_path: Path) -> None:
    mailbox.hung_up_on.add("ada@example.org")
    with a_mail_server(mailbox) as port, opened(tmp_path, port=port) as send, pytest.raises(PostAway):
        send(a_mail(), NOON)


def test_where_it_is_offered_all_is_encrypted(mailbox: Mailbox, tmp_path: Path, certificate: ssl.SSLContext) -> None:
    with (
        a_mail_server(mailbox, tls_context=certificate, require_starttls=True) as port,
        opened(tmp_path, port=port) as send,
    ):
        send(a_mail(), NOON)

    assert mailbox.recipients == ["ada@example.org"]


def test_a_server_that_cannot_show_who_it_is_gets_nothing(
    mailbox: Mailbox, tmp_path: Path, certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(os.environ, "SSL_CERT_FILE")
    with (
        a_mail_server(mailbox, tls_context=certificate) as port,
        pytest.raises(PostAway, match="certificate verify failed"),
        opened(tmp_path, port=port),
    ):
        pass

    assert mailbox.messages == []


def test_a_password_is_sent_to_this_machine_or_encrypted(
    mailbox: Mailbox, tmp_path: Path, certificate: ssl.SSLContext
) -> None:
    known = {"user": "skillmark", "password": "p@ss word"}
    for context in (None, certificate):
        with (
            a_mail_server(
                mailbox, tls_context=context, authenticator=mailbox.authenticate, auth_require_tls=bool(context)
            ) as port,
            opened(tmp_path, port=port, **known) as send,
        ):
            send(a_mail(), NOON)

    assert mailbox.signed_in == [b"skillmark", b"skillmark"]


def test_a_password_is_never_sent_in_the_clear_to_another_machine(
    mailbox: Mailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "LOOPBACK", set())
    with (
        a_mail_server(mailbox, authenticator=mailbox.authenticate, auth_require_tls=False) as port,
        pytest.raises(PostAway, match="it offers no encryption, so the password was not sent"),
        opened(tmp_path, port=port, user="skillmark", password="p@ss word"),
    ):
        pass

    assert mailbox.signed_in == []


def test_a_wrong_password_is_not_repeated_in_what_is_said(mailbox: Mailbox, tmp_path: Path) -> None:
    with (
        a_mail_server(mailbox, authenticator=mailbox.authenticate, auth_require_tls=False) as port,
        pytest.raises(PostAway) as refusal,
        opened(tmp_path, port=port, user="skillmark", password="wrong one"),
    ):
        pass

    assert str(refusal.value).startswith("The mail server cannot be used: 535 ")
    assert "wrong one" not in str(refusal.value)


def test_without_a_server_it_is_a_file_for_its_owner_only(tmp_path: Path) -> None:
    with opened(tmp_path) as send:
        send(a_mail(key="reminder/../../x", text="Näher\n"), NOON)

    [file] = (tmp_path / "outbox").iterdir()
    assert file.name == "20261102T120000Z-reminder-x.eml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    message = message_from_string(file.read_text(), policy=policy.default)
    assert (message["To"], message.get_content().strip()) == ("ada@example.org", "Näher")


def test_an_outbox_that_cannot_be_made_is_away(tmp_path: Path) -> None:
    (tmp_path / "outbox").touch()

    with pytest.raises(PostAway, match="The outbox cannot be used"), opened(tmp_path):
        pass


def test_an_outbox_that_cannot_be_written_is_away(tmp_path: Path) -> None:
    with opened(tmp_path) as send:
        (tmp_path / "outbox").rmdir()
        with pytest.raises(PostAway, match="It could not be written to the outbox"):
            send(a_mail(), NOON)
