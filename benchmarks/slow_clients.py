"""How honest requests fare while slow clients hold connections open.

    python -m benchmarks.slow_clients http://127.0.0.1:8000 --get /livez --post /sign-in --large /static/site.css

Honest clients ask without pause: eight of them, a GET and a small POST in turn, a new connection every tenth request.
Any status below 500 is an answer. Slow clients hold as many connections as asked for and move one byte a second:

- headers: a request whose header never ends
- bodies: a POST that says it is 100 kB long
- readers: a GET of a large file, taken from a tiny receive buffer
"""

import argparse
import asyncio
import contextlib
import itertools
import socket
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

HONEST = 8
REQUESTS_PER_CONNECTION = 10
PATIENCE_SECONDS = 5
SETTLE_SECONDS = 3
FORM = b"answer=b&item=language%2Fsyntax%2Fslices&token=" + b"x" * 100


@dataclass(frozen=True, slots=True)
class Server:
    """Where to send what."""

    host: str
    port: int
    get: str
    post: str
    large: str

    def head(self, method: str, path: str, *, body_bytes: int = 0) -> bytes:
        """The start of a request, up to but without the empty line."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}"]
        if body_bytes:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {body_bytes}"]
        return "\r\n".join(lines).encode() + b"\r\n"


@dataclass(slots=True)
class Tally:
    """What honest clients met: milliseconds for each answer, and how many requests got none."""

    milliseconds: list[float] = field(default_factory=list)
    failures: int = 0

    def row(self, name: str, seconds: float) -> str:
        """One line of the table."""
        if len(self.milliseconds) < 2:
            return f"| {name} | {len(self.milliseconds) / seconds:.0f} | - | - | {self.failures} |"
        cuts = statistics.quantiles(self.milliseconds, n=100)
        rate = len(self.milliseconds) / seconds
        return f"| {name} | {rate:.0f} | {cuts[49]:.1f} | {cuts[98]:.1f} | {self.failures} |"


SlowClient = Callable[[Server], Awaitable[None]]


@contextlib.asynccontextmanager
async def connection(
    server: Server, *, receive_buffer: int = 0
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection that is closed at the end, whatever the server thinks of it."""
    plug = socket.socket()
    plug.setblocking(False)
    if receive_buffer:
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    try:
        await asyncio.get_running_loop().sock_connect(plug, (server.host, server.port))
        reader, writer = await asyncio.open_connection(sock=plug, limit=receive_buffer or 2**16)
    except OSError:
        plug.close()
        raise
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def drip_headers(server: Server) -> None:
    """Send a header that never ends, a byte a second."""
    async with connection(server) as (_, writer):
        writer.write(server.head("GET", server.get))
        for byte in itertools.cycle(b"X-Slow: yes\r\n"):
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(1)


async def drip_body(server: Server) -> None:
    """Send a long form, a byte a second."""
    async with connection(server) as (_, writer):
        writer.write(server.head("POST", server.post, body_bytes=100_000) + b"\r\n")
        while not writer.is_closing():
            writer.write(b"a")
            await writer.drain()
            await asyncio.sleep(1)


async def sip(server: Server) -> None:
    """Ask for something large and read it a byte a second."""
    async with connection(server, receive_buffer=1024) as (reader, writer):
        writer.write(server.head("GET", server.large) + b"\r\n")
        while await reader.read(1):
            await asyncio.sleep(1)


async def keep_up(slow: SlowClient, server: Server) -> None:
    """Come back whenever the server hangs up."""
    while True:
        with contextlib.suppress(OSError):
            await slow(server)
        await asyncio.sleep(1)


async def ask(server: Server, tally: Tally, until: float) -> None:
    """One honest client."""
    turns = itertools.cycle(
        [
            server.head("GET", server.get) + b"\r\n",
            server.head("POST", server.post, body_bytes=len(FORM)) + b"\r\n" + FORM,
        ]
    )
    while time.perf_counter() < until:
        try:
            async with connection(server) as (reader, writer):
                for request in itertools.islice(turns, REQUESTS_PER_CONNECTION):
                    started = time.perf_counter()
                    async with asyncio.timeout(PATIENCE_SECONDS):
                        writer.write(request)
                        await read_answer(reader)
                    tally.milliseconds.append(1000 * (time.perf_counter() - started))
                    if time.perf_counter() > until:
                        return
        except (OSError, EOFError, TimeoutError, ValueError):
            tally.failures += 1


async def read_answer(reader: asyncio.StreamReader) -> None:
    """Read one answer to its end. Raises: ValueError for a 5xx."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if head.split(b" ", 2)[1] >= b"500":
        raise ValueError(head)
    if b"transfer-encoding: chunked" in head:
        while await reader.readuntil(b"\r\n") != b"0\r\n":
            await reader.readuntil(b"\r\n")
        await reader.readuntil(b"\r\n")
    elif b"content-length: " in head:
        await reader.readexactly(int(head.split(b"content-length: ")[1].split(b"\r\n")[0]))


async def measure(server: Server, slow: SlowClient | None, *, count: int, seconds: float) -> Tally:
    """The honest clients' tally with this many slow clients at it."""
    attack = [asyncio.create_task(keep_up(slow, server)) for _ in range(count)] if slow else []
    await asyncio.sleep(SETTLE_SECONDS if slow else 0)
    tally = Tally()
    until = time.perf_counter() + seconds
    await asyncio.gather(*(ask(server, tally, until) for _ in range(HONEST)))
    for task in attack:
        task.cancel()
    await asyncio.gather(*attack, return_exceptions=True)
    return tally


def main() -> None:
    """Measure the server at the address given and print a table."""
    parser = argparse.ArgumentParser(description="Honest requests while slow clients hold connections.")
    parser.add_argument("url")
    parser.add_argument("--get", default="/livez", help="what honest clients GET")
    parser.add_argument("--post", default="/sign-in", help="where honest and slow clients POST")
    parser.add_argument("--large", default="/static/site.css", help="what slow readers GET")
    parser.add_argument("--slow", type=int, default=200, help="how many slow clients")
    parser.add_argument("--seconds", type=float, default=10)
    given = parser.parse_args()
    address = urlsplit(given.url)
    server = Server(address.hostname or "127.0.0.1", address.port or 80, given.get, given.post, given.large)
    attacks: dict[str, SlowClient | None] = {"none": None, "headers": drip_headers, "bodies": drip_body, "readers": sip}
    asyncio.run(measure(server, None, count=0, seconds=SETTLE_SECONDS))
    print("| slow clients | answers/s | p50 ms | p99 ms | failures |\n|---|---|---|---|---|")
    for name, slow in attacks.items():
        tally = asyncio.run(measure(server, slow, count=given.slow, seconds=given.seconds))
        print(tally.row(f"{given.slow} {name}" if slow else name, given.seconds), flush=True)


if __name__ == "__main__":
    main()
