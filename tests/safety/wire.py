"""Bytes to a server and back, as no browser would send them."""

import contextlib
import re
import socket
from dataclasses import dataclass

PATIENCE_SECONDS = 20
NEWLINE = b"\r\n"


@dataclass(frozen=True)
class Heard:
    """All that came until the server hung up; `is_over` says whether it did."""

    told: bytes
    is_over: bool

    @property
    def statuses(self) -> list[int]:
        """The status of each answer, in order."""
        return [int(found) for found in re.findall(rb"(?:^|\n|>)HTTP/1\.[01] (\d{3}) ", self.told)]


def connect(port: int) -> socket.socket:
    """A connection that gives up after a while."""
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)


def hear(connection: socket.socket) -> Heard:
    """Read to the end, and hang up."""
    told = b""
    with connection:
        try:
            while piece := connection.recv(2**16):
                told += piece
        except TimeoutError:
            return Heard(told, is_over=False)
        except ConnectionError:
            pass
    return Heard(told, is_over=True)


def tell(port: int, sent: bytes) -> Heard:
    """Send bytes, and read what comes."""
    connection = connect(port)
    with contextlib.suppress(ConnectionError):  # the answer may be there all the same
        connection.sendall(sent)
    return hear(connection)


def request(method: bytes, path: bytes, *headers: bytes, body: bytes = b"", host: bytes = b"127.0.0.1") -> bytes:
    """A request after which the connection ends."""
    lines = [method + b" " + path + b" HTTP/1.1", b"Host: " + host, b"Connection: close", *headers]
    return NEWLINE.join(lines) + 2 * NEWLINE + body
