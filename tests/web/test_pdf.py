"""A result as a PDF: what is in it, what never is, and that nothing is fetched to make it."""

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from pypdf import PdfReader

from tests.browser import Browser
from tests.builders import item_at, some_terms, take
from tests.conftest import NOON, Cast
from tracker import clock
from tracker.assessment.assignment import Release
from tracker.assessment.attempt import Attempt
from tracker.config import ROOT
from tracker.formats import pdf
from tracker.formats.pdf import make_pdf
from tracker.formats.pdf_process import LACKS_LIBRARY
from tracker.services import attempts
from tracker.storage import documents

PAGE = '<!doctype html><html lang="en"><head><title>A page</title></head><body>{}</body></html>'


@pytest.fixture
def ada(cast: Cast, browser: Callable[[int | None], Browser]) -> Browser:
    return browser(cast.ada)


@pytest.fixture
def attempt(cast: Cast) -> Attempt:
    """Ada's second placement, every other question answered wrongly."""
    take("placement", learner_id=cast.ada, now=NOON)
    return take("placement", learner_id=cast.ada, now=NOON + timedelta(days=3), wrong=range(0, 25, 2))


def text_of(document: bytes) -> str:
    """All text of a PDF, each run of white space as one space."""
    return plain(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages))


def plain(text: str) -> str:
    return " ".join(text.split())


def test_the_pdf_of_a_result_has_its_scores_and_every_question_explained(ada: Browser, attempt: Attempt) -> None:
    answered = ada.get(f"/attempts/{attempt.id}/result.pdf")

    assert answered.status_code == 200
    assert answered.mimetype == "application/pdf"
    assert answered.headers["Content-Disposition"] == 'attachment; filename="skillmark-placement-2026-11-05.pdf"'
    assert "sandbox" in answered.headers["Content-Security-Policy"]
    assert 20_000 < len(answered.data) < 1_000_000
    text = text_of(answered.data)
    for told in ("12 of 25 questions right", "Your scores after it", "What changed since last time", "25. "):
        assert told in text
    assert text.count("Source: ") == 25
    for position in range(25):
        assert plain(item_at(attempt, position).source.title) in text


def test_the_pdf_is_tagged_and_says_its_title_and_language(ada: Browser, attempt: Attempt) -> None:
    document = PdfReader(io.BytesIO(ada.get(f"/attempts/{attempt.id}/result.pdf").data))

    assert document.metadata is not None
    assert document.metadata.title == "Result: Placement · Skillmark"
    root = document.root_object
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()


def test_the_pdf_tells_nothing_of_what_an_open_quiz_may_ask(ada: Browser, attempt: Attempt, cast: Cast) -> None:
    topic_id = attempt.form[0].item_id.rpartition("/")[0]
    held = [place for place in attempt.form if place.item_id.startswith(f"{topic_id}/")]
    attempts.start_attempt(f"topic-{topic_id.replace('/', '-')}", learner_id=cast.ada, now=clock.now())

    text = text_of(ada.get(f"/attempts/{attempt.id}/result.pdf").data)

    assert text.count("Source: ") == 25 - len(held)
    assert text.count("not shown yet") == len(held)
    assert f"of {25 - len(held)} questions right. {len(held)} more" in text


def test_the_pdf_of_an_attempt_that_is_not_released_tells_no_key(ada: Browser, attempt: Attempt) -> None:
    terms = some_terms(release=Release.NEVER)
    documents.collection("attempts").update_one({"_id": attempt.id}, {"$set": {"assignment": asdict(terms)}})

    text = text_of(ada.get(f"/attempts/{attempt.id}/result.pdf").data)

    assert "Your scores after it" in text
    for telling in ("Source: ", "Your choice", "questions right", "right in this attempt"):
        assert telling not in text


def test_an_open_attempt_has_no_pdf(ada: Browser, cast: Cast) -> None:
    started = ada.post("/assessments/language/attempts").location

    assert ada.get(f"{started}/result.pdf").location == started


def test_the_pdf_of_somebody_else_is_not_found(
    attempt: Attempt, cast: Cast, browser: Callable[[int | None], Browser]
) -> None:
    assert browser(cast.omar).get(f"/attempts/{attempt.id}/result.pdf").status_code == 404


@pytest.fixture
def listener() -> Iterator[HTTPServer]:
    """A server on this machine that notes every address it is asked for."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.server.asked.append(self.path)  # type: ignore[attr-defined]
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Nothing is printed."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked = []  # type: ignore[attr-defined]
        serving = Thread(target=server.serve_forever)
        serving.start()
        yield server
        server.shutdown()
        serving.join()


@pytest.mark.usefixtures("app")
def test_nothing_is_fetched_to_make_a_pdf(listener: HTTPServer, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret of this machine")
    image = tmp_path / "image.svg"
    image.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text y="9">the secret of this machine</text></svg>')
    remote = f"http://127.0.0.1:{listener.server_port}/stolen"
    hostile = "".join(
        f'<link rel="stylesheet" href="{url}"><link rel="attachment" href="{url}"><img src="{url}" alt="">'
        f'<object data="{url}"></object><embed src="{url}"><style>@import "{url}"; @font-face {{ font-family: x; '
        f'src: url("{url}"); }} p {{ font-family: x; background: url("{url}"); content: url("{url}"); }}</style>'
        f'<svg><image href="{url}" width="9" height="9"/><use href="{url}#a"/></svg>'
        for url in (remote, secret.as_uri(), image.as_uri(), "file:///etc/passwd", "data:text/plain,the%20secret")
    )

    document = make_pdf(PAGE.format(f"{hostile}<p>All that is here.</p>"))

    assert listener.asked == []  # type: ignore[attr-defined]
    reader = PdfReader(io.BytesIO(document))
    assert not reader.attachments
    assert "secret" not in text_of(document)
    assert "root:" not in text_of(document)


@pytest.mark.parametrize(
    ("fails_with", "said"),
    [(LACKS_LIBRARY, "lacks the library that makes PDFs"), (1, "could not be made")],
)
def test_where_no_pdf_can_be_made_a_sentence_says_so_and_what_to_do(
    ada: Browser, attempt: Attempt, monkeypatch: pytest.MonkeyPatch, fails_with: int, said: str
) -> None:
    monkeypatch.setattr(pdf, "COMMAND", (sys.executable, "-c", f"raise SystemExit({fails_with})"))

    answered = ada.get(f"/attempts/{attempt.id}/result.pdf")

    assert answered.status_code == 503
    assert said in answered.text
    assert "print the page instead" in answered.text


def test_more_than_six_in_a_minute_are_refused_with_a_time_to_wait(
    ada: Browser, attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "COMMAND", (sys.executable, "-c", "print('%PDF')"))
    path = f"/attempts/{attempt.id}/result.pdf"

    statuses = [ada.get(path).status_code for _ in range(7)]

    assert statuses[:6] == [200] * 6
    assert statuses[6] == 429
    assert int(ada.get(path).headers["Retry-After"]) > 0


def test_the_app_runs_without_the_library_that_makes_pdfs() -> None:
    loaded = "import sys, tracker.app, tracker.web.attempts; print('weasyprint' in sys.modules)"

    told = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True, cwd=ROOT)

    assert told.stdout.strip() == "False"
