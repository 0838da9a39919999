"""The buffer in front of the app, driven as an ASGI server drives it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, request

from tests.event_loop import apart
from tracker.web import buffered
from tracker.web.buffered import Buffered, Message

MEBIBYTE = 2**20


@dataclass
class Exchange:
    """One request as an ASGI server tells it, and what came back. After its messages, the client is silent."""

    messages: list[Message]
    method: str = "POST"
    path: bytes = b"/echo"
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    sent: list[Message] = field(default_factory=list)

    def run(self, app: Flask) -> "Exchange":
        apart(asyncio.run, Buffered(app)(self.scope(), self.receive, self.send))
        return self

    def scope(self) -> dict[str, Any]:
        return {
            "type": "http",
            "method": self.method,
            "http_version": "1.1",
            "scheme": "http",
            "raw_path": self.path,
            "query_string": b"page=2",
            "headers": self.headers,
            "server": ("127.0.0.1", 8000),
            "client": ("192.0.2.7", 50_000),
        }

    async def receive(self) -> Message:
        while not self.messages:
            await asyncio.sleep(0.01)
        return self.messages.pop(0)

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        status: int = self.sent[0]["status"]
        return status

    @property
    def text(self) -> str:
        return b"".join(message.get("body", b"") for message in self.sent).decode()


def body(*chunks: bytes) -> list[Message]:
    return [
        {"type": "http.request", "body": chunk, "more_body": number < len(chunks)}
        for number, chunk in enumerate(chunks, start=1)
    ]


def lengthy(count: int) -> list[tuple[bytes, bytes]]:
    return [(b"content-length", str(count).encode())]


CHUNKED = [(b"transfer-encoding", b"chunked")]


@pytest.fixture
def echo() -> Flask:
    """An app that says what reached it; `calls` holds what it read in full."""
    flask = Flask("echo")
    flask.config["MAX_CONTENT_LENGTH"] = MEBIBYTE
    flask.extensions["calls"] = []

    @flask.route("/echo", methods=["GET", "POST"])
    def show() -> dict[str, Any]:
        read = request.get_data()
        flask.extensions["calls"].append(read)
        variables = {name: value for name, value in request.environ.items() if name.startswith("HTTP_")}
        return {"read": len(read), "page": request.args["page"], "from": request.remote_addr, **variables}

    @flask.get("/parts")
    def parts() -> Iterator[bytes]:
        yield b"one "
        yield b"two"

    @flask.get("/name/<name>")
    def show_name(name: str) -> str:
        return name

    return flask


def test_a_body_in_pieces_reaches_the_app_whole(echo: Flask) -> None:
    exchange = Exchange(body(b"answer", b"=", b"b"), headers=lengthy(8)).run(echo)
    assert exchange.status == 200
    assert echo.extensions["calls"] == [b"answer=b"]


def test_a_request_without_a_body_tells_the_app_what_it_needs(echo: Flask) -> None:
    exchange = Exchange(body(b""), method="GET", headers=[(b"user-agent", b"curl")]).run(echo)
    assert '"HTTP_USER_AGENT":"curl"' in exchange.text
    assert '"page":"2"' in exchange.text
    assert '"from":"192.0.2.7"' in exchange.text


def test_an_answer_in_pieces_leaves_whole_with_its_headers(echo: Flask) -> None:
    exchange = Exchange(body(b""), method="GET", path=b"/parts").run(echo)
    assert exchange.text == "one two"
    assert (b"Content-Type", b"text/html; charset=utf-8") in exchange.sent[0]["headers"]


def test_a_name_in_the_address_arrives_as_it_was_meant(echo: Flask) -> None:
    assert Exchange(body(b""), method="GET", path=b"/name/J%C3%BCrgen").run(echo).text == "Jürgen"
    assert Exchange(body(b""), method="GET", path=b"/name/%ff").run(echo).status == 200


def test_a_body_that_stops_half_way_is_answered_408_and_not_acted_on(
    echo: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buffered, "BODY_SECONDS", 0.1)
    unfinished: list[Message] = [{"type": "http.request", "body": b"ans", "more_body": True}]
    assert Exchange(unfinished, headers=lengthy(8)).run(echo).status == 408
    assert echo.extensions["calls"] == []


@pytest.mark.parametrize("headers", [lengthy(8), CHUNKED])
def test_a_body_whose_client_hung_up_is_not_acted_on(echo: Flask, headers: list[tuple[bytes, bytes]]) -> None:
    gone: list[Message] = [{"type": "http.request", "body": b"ans", "more_body": True}, {"type": "http.disconnect"}]
    assert Exchange(gone, headers=headers).run(echo).status == 400
    assert echo.extensions["calls"] == []


def test_a_body_that_says_it_is_too_long_is_refused_unread(echo: Flask) -> None:
    exchange = Exchange([], headers=lengthy(buffered.LONGEST_READ + 1)).run(echo)
    assert exchange.status == 413
    assert echo.extensions["calls"] == []


@pytest.mark.parametrize("chunks", [2, 21, 100])
def test_a_body_of_unsaid_length_is_refused_when_it_gets_too_long_and_never_cut_short(echo: Flask, chunks: int) -> None:
    exchange = Exchange(body(*[bytes(MEBIBYTE)] * chunks), headers=CHUNKED).run(echo)
    assert exchange.status == 413
    assert echo.extensions["calls"] == []
    assert len(exchange.messages) >= chunks - 21  # the rest of a flood is not taken in


def test_a_body_of_unsaid_length_within_the_limit_is_taken(echo: Flask) -> None:
    assert '"read":500000' in Exchange(body(bytes(250_000), bytes(250_000)), headers=CHUNKED).run(echo).text


def test_a_header_spelt_with_an_underscore_cannot_pass_for_a_proxys(echo: Flask) -> None:
    headers = [(b"x_forwarded_for", b"forged"), (b"x-forwarded-for", b"true"), (b"x-forwarded-for", b"second")]
    exchange = Exchange(body(b""), method="GET", headers=headers).run(echo)
    assert '"HTTP_X_FORWARDED_FOR":"true,second"' in exchange.text
    assert "forged" not in exchange.text


def test_many_unfinished_bodies_take_no_thread_from_others(echo: Flask) -> None:
    app = Buffered(echo)
    slow = [Exchange([], headers=lengthy(8)) for _ in range(200)]
    honest = Exchange(body(b"answer=b"), headers=lengthy(8))

    async def crowd() -> None:
        waiting = [asyncio.create_task(app(each.scope(), each.receive, each.send)) for each in slow]
        await asyncio.wait_for(app(honest.scope(), honest.receive, honest.send), timeout=5)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    apart(asyncio.run, crowd())
    assert honest.status == 200
    assert all(each.sent == [] for each in slow)


def test_the_real_app_answers_a_body_that_never_ends_like_any_other_fault(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buffered, "BODY_SECONDS", 0.1)
    headers = [(b"content-type", b"application/x-www-form-urlencoded"), *lengthy(8), (b"host", b"localhost")]
    exchange = Exchange([], path=b"/sign-in", headers=headers).run(app)
    assert exchange.status == 408
    assert (b"X-Content-Type-Options", b"nosniff") in exchange.sent[0]["headers"]
