import gzip
from collections.abc import Callable

from tests.browser import Browser
from tests.conftest import Cast
from tracker import clock
from tracker.services import attempts

BY_SCRIPT = {"HX_Request": "true", "Accept_Encoding": "gzip, br"}

Browsers = Callable[[int | None], Browser]


def test_a_place_asked_for_by_our_script_is_the_same_but_shorter(browser: Browsers, cast: Cast) -> None:
    path = f"/attempts/{attempts.start_attempt('placement', learner_id=cast.ada, now=clock.now()).id}"
    plain = browser(cast.ada).get(path, HX_Request="true")

    compressed = browser(cast.ada).get(path, **BY_SCRIPT)

    assert compressed.headers["Content-Encoding"] == "gzip"
    assert int(compressed.headers["Content-Length"]) == len(compressed.data) < len(plain.data) / 2
    assert 'id="item"' in gzip.decompress(compressed.data).decode()
    assert "Accept-Encoding" in compressed.headers["Vary"]


def test_a_whole_page_is_never_compressed_because_its_length_would_tell_of_its_token(browser: Browsers) -> None:
    page = browser(None).get("/sign-in", Accept_Encoding="gzip, br")
    assert "Content-Encoding" not in page.headers


def test_a_script_that_takes_nothing_compressed_gets_nothing_compressed(browser: Browsers) -> None:
    assert "Content-Encoding" not in browser(None).get("/nowhere", HX_Request="true").headers
