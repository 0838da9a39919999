import gzip
import os
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from tracker.config import Config
from tracker.web import headers, static_files
from tracker.web.static_files import publish


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "css").mkdir(parents=True)
    (folder / "css" / "site.css").write_text("p { margin: 0 }\n" * 100)
    (folder / "dot.svg").write_text("<svg/>")
    return folder


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    app = Flask(__name__, static_folder=None)
    config = Config(secret_key="s" * 32, database_url="", mongodb_uri="", instance=tmp_path / "instance")
    headers.init(app, config)
    static_files.init(app, config)
    return app


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


def the_url(app: Flask, name: str) -> str:
    with app.test_request_context():
        return render_template_string("{{ static_url(name) }}", name=name)


def contents(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_published_name_follows_the_content(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "instance" / "static"
    before = publish(source, target)["css/site.css"]
    (source / "css" / "site.css").write_text("p { margin: 1px }")
    after = publish(source, target)["css/site.css"]
    assert before != after
    assert (target / before).read_text() == "p { margin: 0 }\n" * 100
    assert (target / after).read_text() == "p { margin: 1px }"


def test_a_file_is_compressed_only_when_that_makes_it_smaller(source: Path, tmp_path: Path) -> None:
    names = publish(source, tmp_path / "static")
    packed = tmp_path / "static" / f"{names['css/site.css']}.gz"
    assert gzip.decompress(packed.read_bytes()) == (source / "css" / "site.css").read_bytes()
    assert not (tmp_path / "static" / f"{names['dot.svg']}.gz").exists()


def test_publishing_again_touches_nothing(source: Path, tmp_path: Path) -> None:
    names = publish(source, tmp_path / "static")
    for name in names.values():
        os.utime(tmp_path / "static" / name, (1, 1))
    assert publish(source, tmp_path / "static") == names
    assert {(tmp_path / "static" / name).stat().st_mtime for name in names.values()} == {1}


def test_workers_that_publish_at_once_leave_whole_files_and_nothing_else(source: Path, tmp_path: Path) -> None:
    for number in range(20):
        (source / f"{number}.css").write_text(f"/* {number} */\n" * 1000)
    workers = 8
    barrier = threading.Barrier(workers)

    def work(_worker: int) -> dict[str, str]:
        barrier.wait()
        return publish(source, tmp_path / "instance" / "static")

    with ThreadPoolExecutor(workers) as pool:
        results = list(pool.map(work, range(workers)))

    alone = tmp_path / "alone" / "static"
    assert results == [publish(source, alone)] * workers
    assert contents(tmp_path / "instance" / "static") == contents(alone)
    assert [entry.name for entry in (tmp_path / "instance").iterdir()] == ["static"]


def test_a_file_is_served_compressed_and_for_ever(app: Flask, browser: FlaskClient) -> None:
    answer = browser.get(the_url(app, "css/site.css"), headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert gzip.decompress(answer.data) == (static_files.SOURCE / "css" / "site.css").read_bytes()


def test_a_file_carries_the_baseline_headers_and_may_run_nothing(app: Flask, browser: FlaskClient) -> None:
    answer = browser.get(the_url(app, "favicon.svg"))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Content-Security-Policy"] == headers.FILE_POLICY
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Set-Cookie" not in answer.headers


def test_a_file_never_enters_the_app_and_an_unknown_one_does(app: Flask, browser: FlaskClient) -> None:
    entered: list[str] = []
    app.before_request(lambda: entered.append("app"))
    assert browser.get(the_url(app, "css/site.css")).status_code == 200
    assert entered == []
    assert browser.get("/static/css/site.css").status_code == 404
    assert entered == ["app"]


def test_a_file_cannot_be_posted_to(app: Flask, browser: FlaskClient) -> None:
    answer = browser.post(the_url(app, "css/site.css"))
    assert answer.status_code == 404
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_is_always_sent_whole(app: Flask, browser: FlaskClient) -> None:
    answer = browser.get(the_url(app, "css/site.css"), headers={"Range": "bytes=900000000-"})
    assert answer.status_code == 200
    assert answer.data == (static_files.SOURCE / "css" / "site.css").read_bytes()


@pytest.mark.parametrize(
    "path", ["/static/../config.py", "/static/%2e%2e/secret_key", "/static//etc/passwd", "/static/"]
)
def test_nothing_outside_the_folder_is_served(browser: FlaskClient, path: str) -> None:
    assert browser.get(path).status_code == 404


def test_a_template_that_names_an_unknown_file_fails(app: Flask) -> None:
    with pytest.raises(KeyError):
        the_url(app, "css/nowhere.css")


def test_no_file_names_another_by_an_address_that_its_published_name_breaks() -> None:
    for file in static_files.SOURCE.rglob("*.css"):
        assert not re.search(r"""url\((?!"data:)|sourceMappingURL""", file.read_text()), file.name
    for file in static_files.SOURCE.rglob("*.js"):
        assert "sourceMappingURL" not in file.read_text(), file.name
        named = re.findall(r"""\b(?:from|import)\s*\(?["'](\.[^"']*)["']""", file.read_text())
        siblings = {f"./{each.name}" for each in file.parent.iterdir()} if file.parent.parent.name == "js" else set()
        assert set(named) <= siblings, file.name


def test_modules_that_import_each_other_are_published_in_one_folder_named_by_all_of_them(
    source: Path, tmp_path: Path
) -> None:
    folder = source / "js" / "clock"
    folder.mkdir(parents=True)
    (folder / "page.js").write_text('import "./hand.js";')
    (folder / "hand.js").write_text("tick();")
    before = publish(source, tmp_path / "static")
    (folder / "hand.js").write_text("tock();")
    after = publish(source, tmp_path / "static")
    for names in (before, after):
        page, hand = (tmp_path / "static" / names[f"js/clock/{name}.js"] for name in ("page", "hand"))
        assert (page.parent, page.name, hand.name) == (hand.parent, "page.js", "hand.js")
    assert before["js/clock/page.js"] != after["js/clock/page.js"]


def test_the_attempt_page_asks_for_all_its_modules_at_once(whole_app: Flask) -> None:
    modules = {file.name for file in (static_files.SOURCE / "js" / "attempt").iterdir()} - {"page.js", "late.js"}
    source, _, _ = whole_app.jinja_env.loader.get_source(whole_app.jinja_env, "attempts/take.html")  # type: ignore[union-attr]
    (listed,) = re.findall(r"for name in \((.*?)\)", source)
    assert {f"{name}.js" for name in re.findall(r'"(\w+)"', listed)} == modules


def test_a_first_visit_stays_light() -> None:
    names = ("vendor/bootstrap.min.css", "css/site.css", "js/preferences.js", "js/order.js")
    files = [*(static_files.SOURCE / name for name in names), *(static_files.SOURCE / "js" / "attempt").iterdir()]
    weight = sum(len(gzip.compress(file.read_bytes())) for file in files)
    assert weight < 75_000
