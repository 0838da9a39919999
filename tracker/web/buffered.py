"""A buffer between slow clients and the app: whole requests in, whole responses out.

A WSGI app reads a request as it trickles in, so eight clients who send a byte a second would hold all eight threads.
Here requests gather in an event loop, where waiting costs a little memory; a thread is taken only to answer a complete
one, and given back before the first byte of the answer leaves. Measured in `docs/decisions/0002-granian.md`.
"""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from werkzeug.exceptions import ClientDisconnected, HTTPException, RequestTimeout

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

THREADS = 4
BODY_SECONDS = 30
LONGEST_BODY = 2**20  # the app's own limit
LONGEST_READ = 20 * 2**20  # whoever is still sending would not see an answer
KEPT_IN_MEMORY = 64 * 2**10

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[str, str]]
Raised = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


class Unfinished(io.RawIOBase):
    """A body that did not arrive: whoever looks at it meets the reason, which the app answers like any other."""

    def __init__(self, reason: HTTPException) -> None:
        self._reason = reason

    def readable(self) -> bool:
        """Whether it may be looked at: yes."""
        return True

    def readinto(self, _buffer: object) -> int:
        """Raises: the reason."""
        raise self._reason


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response."""

    status: int
    headers: Headers
    body: bytes


class Buffered:
    """A WSGI app as an ASGI one, in a few threads that never wait for a client."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, once it has arrived in full."""
        with SpooledTemporaryFile(KEPT_IN_MEMORY) as body:
            environ = _environ(scope)
            try:
                async with asyncio.timeout(BODY_SECONDS):
                    environ |= await _gather(scope, receive, body)
            except TimeoutError:
                environ["wsgi.input"] = Unfinished(RequestTimeout())
            except ClientDisconnected as reason:
                environ["wsgi.input"] = Unfinished(reason)
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(self._threads, self._answer, environ)
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    def _answer(self, environ: "WSGIEnvironment") -> Answer:
        started: list[tuple[str, Headers]] = []
        chunks: list[bytes] = []

        def start_response(status: str, headers: Headers, _raised: Raised | None = None) -> Callable[[bytes], object]:
            started.append((status, headers))
            return chunks.append

        result: Iterable[bytes] = self._app(environ, start_response)
        try:
            chunks.extend(result)
        finally:
            if close := getattr(result, "close", None):
                close()
        status, headers = started[-1]
        return Answer(int(status[:3]), headers, b"".join(chunks))


async def _gather(scope: Scope, receive: Receive, body: IO[bytes]) -> "WSGIEnvironment":
    """Read a body; of one that is too long keep nothing more and tell its length, for the app to refuse."""
    announced = next((int(value) for name, value in scope["headers"] if name == b"content-length"), 0)
    length = 0
    is_complete = announced > LONGEST_READ
    while not is_complete and length <= LONGEST_READ:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnected
        chunk = message.get("body", b"")
        length += len(chunk)
        if length <= LONGEST_BODY:
            body.write(chunk)
        is_complete = not message.get("more_body", False)
    length = max(length, announced)
    body.seek(0)
    return {"wsgi.input": body} | ({"CONTENT_LENGTH": str(length)} if length else {})


def _environ(scope: Scope) -> "WSGIEnvironment":
    """What a WSGI app wants to know of a request, its body excepted."""
    host, port = scope["server"]
    return {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": scope["client"][0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **_header_variables(scope["headers"]),
    }


def _header_variables(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    variables: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").upper(), raw_value.decode("latin-1")
        if "_" in name or name == "TRANSFER-ENCODING":
            continue  # the first would pass for a hyphenated header a proxy vouches for, the second has been undone
        bare = name.replace("-", "_")
        variable = bare if bare in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{bare}"
        separator = "; " if variable == "HTTP_COOKIE" else ","
        variables[variable] = f"{variables[variable]}{separator}{value}" if variable in variables else value
    return variables
