"""The real server under bytes that no honest program sends: short answers, bounded time and memory, no failure."""

import socket
from collections.abc import Iterator

import psutil
import pytest

from tests.conftest import NewDatabase
from tests.launcher import Launcher, a_launcher
from tests.safety.wire import Heard, connect, hear, request, tell

MEBIBYTE = 2**20
CHUNKED = b"Transfer-Encoding: chunked"
FORM = b"Content-Type: application/x-www-form-urlencoded"
MULTIPART = b"Content-Type: multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'
PIECE = b"10000\r\n" + bytes(65536) + b"\r\n"
NEXT = request(b"GET", b"/livez")
KEPT_OPEN = b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Iterator[Launcher]:
    """Skillmark as `make run` starts it."""
    launcher = a_launcher(tmp_path_factory.mktemp("server"), **new_database())
    try:
        yield launcher.serve()
    finally:
        launcher.clean_up()


@pytest.fixture(scope="module")
def dawdlers(server: Launcher) -> list[socket.socket]:
    """Clients that begin and then say nothing more; they have come before all others."""
    begun = [b"", b"GET /livez HTTP/1.1\r\nHo", KEPT_OPEN, KEPT_OPEN + b"GET /li"]
    waiting = [connect(server.port) for _ in begun]
    for connection, sent in zip(waiting, begun, strict=True):
        connection.sendall(sent)
    return waiting


@pytest.fixture(autouse=True)
def is_well_afterwards(server: Launcher, dawdlers: list[socket.socket]) -> Iterator[None]:
    """Whatever was sent, the same processes answer the next request."""
    yield
    assert tell(server.port, NEXT).statuses == [200]
    assert server.survivors() == server.family


def post(*headers: bytes, body: bytes = b"") -> bytes:
    return request(b"POST", b"/sign-in", *headers, body=body)


def get(*headers: bytes) -> bytes:
    return request(b"GET", b"/livez", *headers)


# fmt: off
MALFORMED = {
    "no HTTP version": b"GET /livez\r\n\r\n",
    "TLS to a plain port": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(300),
    "a method with a bracket": request(b"G(T", b"/livez"),
    "a zero byte in the path": request(b"GET", b"/li\0vez"),
    "a zero byte in a header": get(b"X-A: a\0b"),
    "raw bytes in the path": request(b"GET", b"/radar/\xff\xc3\xa9"),
    "a folded header": get(b"X-A: b\r\n c"),
    "a space in a header's name": get(b"X A: b"),
    "a header without a colon": get(b"XA"),
    "a lone carriage return": get(b"X-A: b\rX-B: c"),
    "two lengths": post(b"Content-Length: 4", b"Content-Length: 5", body=b"abcde" + NEXT),
    "a list of lengths": post(b"Content-Length: 5, 5", body=b"abcde" + NEXT),
    "a length below nothing": post(b"Content-Length: -5", body=NEXT),
    "a length with a sign": post(b"Content-Length: +5", body=b"abcde" + NEXT),
    "a length beyond any number": post(b"Content-Length: 99999999999999999999999", body=b"abcde"),
    "an unknown encoding": post(b"Transfer-Encoding: xchunked", body=b"0\r\n\r\n" + NEXT),
    "two encodings": post(CHUNKED, b"Transfer-Encoding: identity", body=b"0\r\n\r\n" + NEXT),
    "a space before a colon": post(b"Transfer-Encoding : chunked", body=b"0\r\n\r\n" + NEXT),
    "an encoding behind a control character": post(b"Transfer-Encoding: \x0bchunked", body=b"0\r\n\r\n" + NEXT),
    "a length and an encoding": post(b"Content-Length: 5", CHUNKED, body=b"0\r\n\r\n" + NEXT),
    "an encoding and a length": post(CHUNKED, b"Content-Length: 4", body=b"0\r\n\r\n" + NEXT),
    "pieces of no length": post(CHUNKED, body=b"zz\r\nabc\r\n0\r\n\r\n" + NEXT),
    "pieces of a huge length": post(CHUNKED, body=b"ffffffffffffffffff\r\nabc\r\n0\r\n\r\n" + NEXT),
    "pieces of a length below nothing": post(CHUNKED, body=b"-5\r\nabc\r\n0\r\n\r\n" + NEXT),
    "a piece with a huge remark": post(CHUNKED, body=b"1;" + b"a" * 100_000 + b"\r\na\r\n0\r\n\r\n"),
    "thousands of headers after the body": post(CHUNKED, body=b"0\r\n" + b"X-A: b\r\n" * 3000 + b"\r\n"),
    "a form that is none": post(b"Content-Type: multipart/form-data; boundary=", b"Content-Length: 5", body=b"abcde"),
    "a form in another alphabet": post(FORM + b"; charset=utf-7", b"Content-Length: 5", body=b"a=%ff"),
    "a body that says it is packed": post(b"Content-Encoding: gzip", b"Content-Length: 5", body=b"abcde"),
}
# fmt: on


@pytest.mark.parametrize("sent", MALFORMED.values(), ids=MALFORMED)
def test_what_is_malformed_is_refused_once_and_nothing_behind_it_is_taken_for_a_request(
    server: Launcher, sent: bytes
) -> None:
    heard = tell(server.port, sent)
    assert (heard.statuses, heard.is_over) == ([400], True)


TOO_MUCH = {
    "an address of 200 kB": (request(b"GET", b"/" + b"a" * 200_000), {414, 431}),
    "a header of 600 kB": (get(b"X-A: " + b"a" * 600_000), {431}),
    "cookies of 600 kB": (get(b"Cookie: " + b"a=b; " * 120_000), {431}),
    "5,000 headers": (get(*[b"X-A: b"] * 5000), {431}),
    "a body of 5 MiB": (post(FORM, b"Content-Length: 5242880", body=bytes(5 * MEBIBYTE)), {413}),
    "a body that says 2 GB": (post(FORM, b"Content-Length: 2000000000", body=b"abcde"), {413}),
    "a body of 2 MiB in pieces": (post(FORM, CHUNKED, body=PIECE * 32 + b"0\r\n\r\n"), {413}),
}


@pytest.mark.parametrize(("sent", "refused"), TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_is_too_large_is_refused_and_the_connection_ends(server: Launcher, sent: bytes, refused: set[int]) -> None:
    heard = tell(server.port, sent)
    assert heard.is_over
    assert len(heard.statuses) == 1
    assert set(heard.statuses) <= refused


ODD = {
    "an unknown method": (request(b"BREW", b"/livez"), 405),
    "TRACE": (request(b"TRACE", b"/livez", b"X-Secret: s3cret"), 405),
    "a tunnel": (request(b"CONNECT", b"example.org:443"), 404),
    "OPTIONS of everything": (request(b"OPTIONS", b"*"), 404),
    "another method by a header": (request(b"POST", b"/livez", b"X-HTTP-Method-Override: GET"), 405),
    "an absolute address of another site": (request(b"GET", b"http://evil.example/livez"), 200),
    "a path that begins like a host": (request(b"GET", b"//evil.example/cohorts"), 404),
    "a path out of the folder": (request(b"GET", b"/static/../../../../etc/passwd"), 404),
    "a path out of the folder, encoded": (request(b"GET", b"/static/%2e%2e/%2e%2e/%2fetc/passwd"), 404),
    "a zero byte, encoded": (request(b"GET", b"/radar/%00"), 404),
    "half an encoded byte": (request(b"GET", b"/%zz%2"), 404),
    "a header line in the path": (request(b"GET", b"/x%0d%0aSet-Cookie:%20evil=1"), 404),
    "a header line in what comes next": (request(b"GET", b"/cohorts?x=%0d%0aSet-Cookie:%20evil=1"), 302),
    "a range": (get(b"Range: bytes=0-0,1-1,0-,0-,0-"), 200),
    "dates and tags that are none": (get(b"If-Modified-Since: Mon, 99 Foo 9999", b'If-None-Match: "\\'), 200),
    "a cookie that is none": (get(b"Cookie: skillmark=\xff\xfe.a.b; =; ;;"), 200),
    "languages and encodings that are none": (get(b"Accept-Language: \xff;q=nan", b"Accept-Encoding: \xff;q=x"), 200),
    "a thousand wishes": (get(b"Accept: " + b"a/b;q=0.1," * 1000), 200),
    "a token of odd bytes": (request(b"GET", b"/api/v1/me", b"Authorization: Bearer \xff\xfe"), 401),
    "a password instead of a token": (request(b"GET", b"/api/v1/me", b"Authorization: Basic ////"), 401),
    "another site's request": (post(FORM, b"Origin: http://evil.example", b"Content-Length: 3", body=b"a=b"), 400),
    "an unknown expectation": (post(FORM, b"Expect: 200-maybe", b"Content-Length: 1", body=b"a"), 400),
    "3,000 fields": (post(FORM, b"Content-Length: 12000", body=b"a=b&" * 3000), 400),
    "3,000 parts": (post(MULTIPART, b"Content-Length: 156005", body=PART * 3000 + b"--x--"), 413),
}


@pytest.mark.parametrize(("sent", "status"), ODD.values(), ids=ODD)
def test_what_is_odd_gets_an_ordinary_answer_with_every_header(server: Launcher, sent: bytes, status: int) -> None:
    heard = tell(server.port, sent)
    assert (heard.statuses, heard.is_over) == ([status], True)
    told = heard.told.lower()
    for header in (b"nosniff", b"referrer-policy: same-origin", b"cross-origin-opener-policy: same-origin"):
        assert header in told
    for leak in (b"s3cret", b"\nset-cookie: evil", b"traceback", b"access-control-", b"root:"):
        assert leak not in told


@pytest.mark.parametrize("host", [b"evil.example", b"evil.example:99999", b"ev il/<>@x", b"\xff\xfe", b""])
def test_whatever_host_is_named_no_answer_leads_there(server: Launcher, host: bytes) -> None:
    heard = tell(server.port, request(b"GET", b"/cohorts", b"X-Forwarded-Host: evil.example", host=host))
    assert set(heard.statuses) <= {302, 400}
    assert b"evil" not in heard.told.lower()


def test_requests_sent_ahead_are_answered_in_order_and_once(server: Launcher) -> None:
    heard = tell(server.port, KEPT_OPEN * 50 + request(b"GET", b"/nowhere") + NEXT)
    assert heard.statuses == [200] * 50 + [404]


def test_a_hundred_large_bodies_at_once_take_no_memory_that_stays(server: Launcher) -> None:
    workers = [member for member in server.family if "granian" in " ".join(member.cmdline())]
    before = _resident(workers)
    crowd = [connect(server.port) for _ in range(100)]
    for connection in crowd:
        connection.sendall(post(FORM, CHUNKED, body=PIECE * 15))
    for connection in crowd:
        connection.close()
    assert tell(server.port, NEXT).statuses == [200]
    assert _resident(workers) - before < 64 * MEBIBYTE


def test_whoever_begins_and_says_nothing_more_is_hung_up_on(dawdlers: list[socket.socket]) -> None:
    heard: list[Heard] = [hear(connection) for connection in dawdlers]
    assert [one.is_over for one in heard] == [True] * 4
    assert [one.statuses for one in heard] == [[], [], [200], [200]]


def _resident(members: list[psutil.Process]) -> int:
    return sum(member.memory_info().rss for member in members)
