"""A cohort's exports over HTTP: ask, download, find in the list, delete."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from time_machine import travel

from tests.browser import Browser
from tests.conftest import NOON, Cast
from tests.services.guild import DEVELOPING, Guild, know
from tests.web.stored import everything
from tracker import clock
from tracker.assessment.export_format import ExportFormat
from tracker.assessment.sees import Sees
from tracker.services import cohorts, exports
from tracker.storage import sql

Browsers = Callable[[int | None], Browser]


@pytest.fixture
def guild(cast: Cast) -> Guild:
    """Lena's cohort, seen with scores: Ada is in it, and known at Developing."""
    guild = Guild(cast, members=0, sees=Sees.SCORES)
    token = cohorts.invite(guild.id, lead_id=cast.lena, now=NOON)
    cohorts.join(token, user_id=cast.ada, now=NOON)
    know(cast.ada, {"databases/sqlalchemy": DEVELOPING})
    return guild


@pytest.fixture
def lena(cast: Cast, guild: Guild, browser: Browsers) -> Browser:
    return browser(cast.lena)


@pytest.fixture
def place(guild: Guild) -> str:
    """Where the exports are."""
    return f"/cohorts/{guild.id}/exports"


READERS: dict[str, Callable[[bytes], str]] = {
    "csv": lambda content: next(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))["Name"],
    "xlsx": lambda content: str(load_workbook(io.BytesIO(content))["Members"]["A2"].value),
    "json": lambda content: str(json.loads(content)["members"][0]["name"]),
    "pdf": lambda content: "Ada" if "Ada Not enough yet" in _text(content) else _text(content),
}


def _text(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def _download(lena: Browser, place: str) -> str:
    """Where the one export in the list is downloaded."""
    (link,) = re.findall(rf'{place}/[0-9a-f]{{32}}(?=")', lena.get(place).text)
    return str(link)


def make_waiting(*, minutes: int = 0) -> None:
    """Do what the job does, so many minutes from now."""
    sql.session().rollback()  # what the test read before is not what the job finds
    exports.make_waiting(clock.now() + timedelta(minutes=minutes))


@pytest.mark.parametrize("format", READERS)
def test_a_small_cohorts_file_opens_and_but_for_a_pdf_comes_at_once(lena: Browser, place: str, format: str) -> None:
    asked = lena.post(place, {"format": format})
    is_waiting = asked.location == place
    make_waiting()

    file = lena.get(_download(lena, place))

    assert asked.status_code == 302
    assert is_waiting == (format == "pdf")
    assert file.headers["Content-Disposition"] == f'attachment; filename="cohort-{clock.now():%Y-%m-%d}.{format}"'
    assert "sandbox" in file.headers["Content-Security-Policy"]
    assert file.headers["Cache-Control"] == "no-store"
    assert READERS[format](file.data) == "Ada"


def test_the_list_has_what_was_asked_for_with_a_link_and_who_asked(lena: Browser, place: str) -> None:
    download = lena.post(place, {"format": "csv"}).location

    page = lena.get(place).text

    assert f'href="{download}"' in page
    assert "Asked for by Lena." in page
    assert "Look again" not in page


def test_a_large_cohorts_is_made_in_the_background_and_the_page_says_how_far_it_is(
    lena: Browser, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST_AT_ONCE", 0)

    assert lena.post(place, {"format": "csv"}).location == place
    page = lena.get(place).text
    assert "look again in a minute" in page
    assert "Waiting for its turn." in page
    assert f'href="{place}">Look again' in page
    assert "Download" not in page

    make_waiting()
    page = lena.get(place).text
    assert "Download" in page
    assert "Look again" not in page


def test_one_that_fails_whoever_makes_it_is_given_up_and_the_page_says_so(
    lena: Browser, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_results: object) -> bytes:
        raise RuntimeError

    monkeypatch.setattr(exports, "MOST_AT_ONCE", 0)
    monkeypatch.setitem(exports.WRITERS, ExportFormat.CSV, fail)
    lena.post(place, {"format": "csv"})
    for number in range(exports.MOST_TRIES):
        with pytest.raises(RuntimeError):
            make_waiting(minutes=5 * number)
        assert "Being made: the file is being written." in lena.get(place).text

    make_waiting(minutes=5 * exports.MOST_TRIES)

    assert "Could not be made. It was begun 3 times and never finished." in lena.get(place).text


def test_a_deleted_one_is_gone(lena: Browser, place: str) -> None:
    download = lena.post(place, {"format": "json"}).location

    assert lena.post(f"{download}/delete").location == place

    assert lena.get(download).status_code == 404
    assert "Nothing yet." in lena.get(place).text


@pytest.mark.parametrize("format", ["", "docx", "CSV", "../csv"])
def test_another_format_is_refused_with_a_sentence_and_nothing_is_made(lena: Browser, place: str, format: str) -> None:
    before = everything()

    refused = lena.post(place, {"format": format})

    assert refused.status_code == 400
    assert everything() == before


def test_of_an_empty_cohort_nothing_can_be_exported(lena: Browser) -> None:
    place = f"{lena.post('/cohorts', {'name': 'Empty'}).location}/exports"
    before = everything()

    assert "Invite its members" in lena.get(place).text
    refused = lena.post(place, {"format": "csv"})

    assert refused.status_code == 409
    assert "Nobody is in this cohort yet" in refused.text
    assert everything() == before


def test_who_has_left_is_in_no_file_any_more(
    lena: Browser, place: str, guild: Guild, cast: Cast, browser: Browsers
) -> None:
    download = lena.post(place, {"format": "csv"}).location

    browser(cast.ada).post(f"/cohorts/{guild.id}/leave")

    assert lena.get(download).status_code == 404
    assert "Nothing yet." in lena.get(place).text


def test_the_member_reads_in_the_log_who_exported_the_results(
    lena: Browser, place: str, guild: Guild, cast: Cast, browser: Browsers
) -> None:
    lena.post(place, {"format": "csv"})

    page = re.sub(r"<[^>]+>|\s+", " ", browser(cast.ada).get(f"/cohorts/{guild.id}/looks").text)

    assert "Lena made a file of the whole cohort" in page


def test_more_than_ten_in_a_minute_are_refused(lena: Browser, place: str) -> None:
    with travel(clock.now(), tick=False):
        statuses = [lena.post(place, {"format": "json"}).status_code for _ in range(11)]

    assert statuses == [302] * 10 + [429]
