"""One browser's connection: HTTP/1.1, kept alive, light enough to run two hundred of them beside the server."""

import asyncio
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

Form = Mapping[str, str] | Sequence[tuple[str, str]]

PATIENCE_SECONDS = 10
BROWSER = (
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) Skillmark bench\r\n"
    "Accept: text/html,*/*;q=0.8\r\n"
    "Accept-Encoding: gzip, deflate, br\r\n"
    "Accept-Language: en\r\n"
    "Sec-Fetch-Site: same-origin\r\n"
)


class Trouble(Exception):
    """A request that did not go as it should."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole response; `location` is empty unless it redirects, by HTTP or by htmx."""

    status: int
    location: str
    text: str


class Connection:
    """Sends one request at a time and reads each answer to its end."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str, *, cookie: str) -> Answer:
        """Ask for a page. Raises: Trouble."""
        return await self._send(f"GET {path} HTTP/1.1\r\n", cookie, "", "")

    async def post(self, path: str, form: Form, *, cookie: str, is_htmx: bool = False) -> Answer:
        """Send a form, by htmx or as a whole page. Raises: Trouble."""
        htmx = "HX-Request: true\r\nHX-Target: item\r\n" if is_htmx else ""
        return await self._send(f"POST {path} HTTP/1.1\r\n", cookie, htmx, urlencode(form))

    def close(self) -> None:
        """Hang up."""
        if self._streams:
            self._streams[1].transport.abort()
            self._streams = None

    async def _send(self, line: str, cookie: str, more: str, form: str) -> Answer:
        if form:
            more += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n"
        head = f"{line}Host: {self._host}:{self._port}\r\n{BROWSER}Cookie: {cookie}\r\n{more}\r\n"
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                self._streams = self._streams or await asyncio.open_connection(self._host, self._port)
                self._streams[1].write((head + form).encode())
                return await _read(self._streams[0])
        except (OSError, EOFError, TimeoutError) as error:
            self.close()
            raise Trouble(type(error).__name__) from error


async def _read(reader: asyncio.StreamReader) -> Answer:
    status, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers["content-length"]))
    text = (gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body).decode()
    return Answer(int(status.split(" ", 2)[1]), headers.get("location") or headers.get("hx-redirect", ""), text)
