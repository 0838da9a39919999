"""A member's page for the lead and the member's own page, which shows the same; who looked; notes."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.browser import Browser
from tests.builders import take
from tests.conftest import Cast
from tests.web.forms import form
from tests.web.stored import everything
from tracker import clock
from tracker.assessment.attempt import Attempt
from tracker.assessment.sees import Sees
from tracker.services import cohorts, notes
from tracker.storage import sql
from tracker.storage.cohort_tables import Membership

Browsers = Callable[[int | None], Browser]
SCORE = re.compile(r"\b[1-8]\d[05]\b")


@pytest.fixture
def cohort(cast: Cast) -> str:
    """The address of Lena's cohort with Ada in it since yesterday, who agreed to everything."""
    now = clock.now() - timedelta(days=1)
    made = cohorts.create_cohort("Team", lead_id=cast.lena, now=now, sees=Sees.ANSWERS)
    cohorts.join(cohorts.invite(made.public_id, lead_id=cast.lena, now=now), user_id=cast.ada, now=now)
    agree(Sees.ANSWERS)
    return f"/cohorts/{made.public_id}"


@pytest.fixture
def attempt(cast: Cast) -> Attempt:
    """Ada's finished attempt at the databases quiz."""
    return take("databases", learner_id=cast.ada, now=clock.now() - timedelta(hours=1), wrong=range(4))


def agree(sees: Sees) -> None:
    """Let every member agree to that much."""
    with sql.writing() as session:
        session.execute(update(Membership).values(agreed_to=sees))


def seen_part(page: str) -> str:
    """What a page tells of the member, as its source."""
    start = page.index('<h3 id="standing-heading">')
    return page[start : page.index("<h2", start)].rpartition("</section>")[0].rpartition("</section>")[0]


@pytest.mark.parametrize("sees", [*Sees])
def test_the_lead_and_the_member_read_the_same_lines(
    cast: Cast, browser: Browsers, cohort: str, attempt: Attempt, sees: Sees
) -> None:
    agree(sees)
    lena, ada = browser(cast.lena), browser(cast.ada)

    led = seen_part(lena.get(f"{cohort}/members/{cast.ada}").text)

    assert led == seen_part(ada.get(cohort).text)
    assert "Proficient" in led or "Developing" in led
    assert bool(SCORE.search(re.sub(r"<[^>]*>", "", led))) == sees.includes(Sees.SCORES)
    assert (attempt.id in led) == (sees is Sees.ANSWERS)


def test_their_page_says_how_many_answers_each_level_rests_on(
    cast: Cast, browser: Browsers, cohort: str, attempt: Attempt
) -> None:
    page = browser(cast.ada).get(cohort).text
    assert re.search(r'<small class="age">\d+ answers</small>', page)


def test_the_lead_and_the_member_read_the_same_answers(
    cast: Cast, browser: Browsers, cohort: str, attempt: Attempt
) -> None:
    path = f"{cohort}/members/{cast.ada}/attempts/{attempt.id}"

    led, own = (browser(person).get(path).text for person in (cast.lena, cast.ada))

    start = "<h1>"
    assert led[led.index(start) : led.index("</main>")] == own[own.index(start) : own.index("</main>")]
    assert "Ada\u2019s" in led


@pytest.mark.parametrize("who", ["omar", "vera", None])
def test_nobody_else_reads_a_members_answers(
    cast: Cast, browser: Browsers, cohort: str, attempt: Attempt, who: str | None
) -> None:
    stranger = browser(getattr(cast, who) if who else None)
    before = everything()

    answer = stranger.get(f"{cohort}/members/{cast.ada}/attempts/{attempt.id}")

    assert answer.status_code == (404 if who else 302)
    assert everything() == before


@pytest.mark.parametrize("change", ["left", "removed", "agreed to less"])
def test_what_a_member_takes_back_is_gone_with_the_next_request(
    cast: Cast, browser: Browsers, cohort: str, attempt: Attempt, change: str
) -> None:
    lena, ada = browser(cast.lena), browser(cast.ada)
    page, sheet = f"{cohort}/members/{cast.ada}", f"{cohort}/members/{cast.ada}/attempts/{attempt.id}"
    assert [lena.get(path).status_code for path in (page, sheet)] == [200, 200]

    if change == "left":
        ada.post(f"{cohort}/leave")
    elif change == "removed":
        lena.post(f"{page}/remove")
    else:
        agree(Sees.LEVELS)

    assert lena.get(sheet).status_code == ada.get(sheet).status_code == 404
    if change == "agreed to less":
        assert not SCORE.search(re.sub(r"<[^>]*>", "", seen_part(lena.get(page).text)))
    else:
        assert [lena.get(page).status_code, ada.get(cohort).status_code] == [404, 404]
        assert [ada.get(f"{cohort}/looks").status_code, lena.post(f"{page}/notes", {"text": "x"}).status_code] == [
            404
        ] * 2


def test_the_member_reads_who_looked_at_what(cast: Cast, browser: Browsers, cohort: str, attempt: Attempt) -> None:
    lena, ada = browser(cast.lena), browser(cast.ada)
    assert "Nobody yet." in ada.get(cohort).text

    lena.get(f"{cohort}/members/{cast.ada}")
    lena.get(f"{cohort}/members/{cast.ada}/attempts/{attempt.id}")

    for page in (cohort, f"{cohort}/looks"):
        told = " ".join(ada.get(page).text.split())
        assert "Lena opened what they see of you" in told
        assert "Lena opened what you answered in a quiz" in told


def test_a_page_of_the_log_that_is_not_there_is_empty(cast: Cast, browser: Browsers, cohort: str) -> None:
    for page in ("-1", "0", "many", "7", "9" * 30):
        assert browser(cast.ada).get(f"{cohort}/looks?page={page}").status_code == 200


def test_pages_of_people_are_kept_by_no_browser(cast: Cast, browser: Browsers, cohort: str) -> None:
    for person, page in ((cast.lena, f"{cohort}/members/{cast.ada}"), (cast.ada, cohort)):
        assert "no-store" in browser(person).get(page).headers["Cache-Control"]


def test_notes_and_links_to_answers_are_not_printed(
    cast: Cast, browser: Browsers, cohort: str, attempt: Attempt
) -> None:
    page = browser(cast.lena).get(f"{cohort}/members/{cast.ada}").text

    assert '<section class="d-print-none" aria-labelledby="notes-heading">' in page
    assert re.search(rf'<p class="alone d-print-none"><a href="[^"]*{attempt.id}[^"]*">What was answered', page)


def test_what_the_words_for_a_gap_mean_is_said_once_there_is_a_target(
    cast: Cast, browser: Browsers, cohort: str, attempt: Attempt
) -> None:
    lena = browser(cast.lena)
    words = "leaves open whether the target is reached"
    assert words not in lena.get(f"{cohort}/members/{cast.ada}").text

    lena.post(f"{cohort}/targets", {"databases": "Expert"})

    assert lena.get(f"{cohort}/members/{cast.ada}").text.count(words) == 1


def test_a_note_is_kept_read_by_leads_alone_and_deleted(cast: Cast, browser: Browsers, cohort: str) -> None:
    lena, ada = browser(cast.lena), browser(cast.ada)
    page = f"{cohort}/members/{cast.ada}"
    adding = form(lena.get(page).text, "/notes")

    answer = lena.post_bare(adding.action, adding.sent(text="Asks <b>good</b> questions.\nOften."))

    assert answer.location == f"{page}#notes-heading"
    kept = lena.get(page).text
    assert "Asks &lt;b&gt;good&lt;/b&gt; questions.\nOften." in kept.replace("\r", "")
    assert "Asks" not in ada.get(cohort).text
    removing = form(kept, "/remove")
    lena.post_bare(removing.action, removing.sent())
    assert "Asks" not in lena.get(page).text


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_a_note_that_does_not_fit_is_shown_again_and_not_kept(
    cast: Cast, browser: Browsers, cohort: str, text: str
) -> None:
    lena = browser(cast.lena)
    page = f"{cohort}/members/{cast.ada}"
    lena.get(page)
    before = everything()

    answer = lena.post(f"{page}/notes", {"text": text})

    assert answer.status_code == 400
    assert "field-error" in answer.text
    assert text.strip() in answer.text
    assert everything() == before


def test_a_person_downloads_all_notes_about_them(cast: Cast, browser: Browsers, cohort: str) -> None:
    notes.add_note(cohort.rpartition("/")[2], member_id=cast.ada, lead_id=cast.lena, text="Is quick.", now=clock.now())

    file = browser(cast.ada).get("/account/notes.txt")

    assert "Is quick." in file.text
    assert (file.mimetype, file.headers["Content-Disposition"].partition(";")[0]) == ("text/plain", "attachment")
    assert "Is quick." not in browser(cast.lena).get("/account/notes.txt").text
