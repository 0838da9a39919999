"""A real SMTP server on this machine, whose moods a test sets."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.launcher import a_free_port


@dataclass
class Mailbox:
    """What the server took, and to whom; whom it refuses, and whom it cannot serve now."""

    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    hung_up_on: set[str] = field(default_factory=set)
    signed_in: list[bytes] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd calls it so
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        if address in self.refused:
            return "550 5.1.1 No such mailbox\there"
        if address in self.hung_up_on:
            server.transport.close()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a message."""
        assert isinstance(envelope.content, bytes)
        content = envelope.content.replace(b"\r\n", b"\n")
        self.messages.append(message_from_bytes(content, policy=policy.default))
        self.recipients += envelope.rcpt_tos
        return "250 OK"

    def authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _way: str, data: Any) -> AuthResult:
        """Let in who knows the password."""
        self.signed_in.append(data.login)
        return AuthResult(success=data.password == b"p@ss word", handled=False)


@contextmanager
def a_mail_server(mailbox: Mailbox, *, port: int | None = None, **settings: Any) -> Iterator[int]:
    """A server that runs meanwhile. Gives its port."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=port or a_free_port(), **settings)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
