"""A person reads their radar after the placement: the same numbers everywhere, and next steps that lead on."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import Arrive
from tests.journeys.site import Site
from tests.journeys.visit import Visit, squeezed

AREAS = ["Programming Language", "Frameworks", "Databases", "APIs", "Essential Tools"]
IN_WORDS = re.compile(r"([A-Z][A-Za-z ]+): (\d+), probably between (\d+) and (\d+), (\w+)\.")
IN_TABLE = re.compile(r"(\d+) \((\d+) to (\d+)\) (\w+)")
EVIDENCE = re.compile(r"\d+ of your \d+ answers|Your one answer|You have not been asked about it yet")

Scores = dict[str, tuple[str, ...]]


@pytest.fixture
def ada(site: Site, arrive: Arrive) -> Visit:
    """Ada at home, after an old quiz and a newer placement."""
    learner_id, email = site.add_person("Ada")
    site.take("databases", learner_id=learner_id, days_ago=60, wrong_every=2)
    site.take("placement", learner_id=learner_id, days_ago=1, wrong_every=3)
    visit = arrive()
    visit.sign_in(email)
    return visit


def test_home_and_radar_show_the_same_five_scores_as_a_drawing_and_as_a_table(ada: Visit) -> None:
    overall = ada.page.get_by_role("heading", name="Where you stand").locator("xpath=following::p[1]")
    overall_score = score_in(overall)
    at_home = drawn_scores(ada)
    assert list(at_home) == AREAS
    assert table_scores(ada) == at_home

    ada.follow("More about your radar")
    ada.expect_heading("My radar")
    assert drawn_scores(ada) == at_home
    assert table_scores(ada) == at_home
    assert score_in(ada.page.get_by_text("Overall:")) == overall_score


def test_each_of_at_most_three_next_steps_names_its_evidence_and_leads_somewhere(ada: Visit) -> None:
    steps = next_steps(ada)
    assert 1 <= steps.count() <= 3
    for place in range(steps.count()):
        step = steps.nth(place)
        assert EVIDENCE.search(squeezed(step.text_content()))
        for link in step.get_by_role("link").all():
            href = link.get_attribute("href") or ""
            if href.startswith("/"):
                assert ada.page.request.get(href).status == 200
            else:
                assert href.startswith("https://")
        expect(step.get_by_role("listitem").filter(has_text="he quiz").get_by_role("link")).to_have_attribute(
            "href", re.compile("^/assessments/topic-")
        )


def test_the_evidence_of_a_step_opens_the_very_answer(ada: Visit) -> None:
    step = next_steps(ada).filter(has_text="Answer of").first
    step.locator("summary").click()
    answer = step.get_by_role("group").get_by_role("link").first
    item = (answer.get_attribute("href") or "").partition("#")[2]
    answer.click()
    expect(ada.page.get_by_role("heading", name="Every question, explained")).to_be_attached()
    expect(ada.page.locator(f"[id='{item}']")).to_be_in_viewport()


def test_an_area_shows_its_history_attempt_by_attempt(ada: Visit) -> None:
    databases = drawn_scores(ada)["Databases"]
    ada.follow("My radar")
    ada.page.get_by_role("rowheader", name="Databases").get_by_role("link").click()
    ada.expect_heading("Databases")
    assert score_in(ada.page.get_by_role("main")) == databases
    drawing = ada.page.get_by_role("img", name="Databases over time")
    expect(drawing).to_be_visible()
    expect(drawing.locator("desc")).to_contain_text("The score after each of 2 attempts")
    history = ada.page.get_by_role("table", name="Your score when each attempt ended")
    expect(history.get_by_role("rowheader")).to_have_count(2)
    expect(ada.page.get_by_text("Compared with")).to_contain_text(re.compile(r"(higher|lower) with \d+\s% probability"))
    history.get_by_role("link").last.click()
    ada.expect_heading("Databases")
    expect(ada.page.get_by_text("6 of 12 questions right.")).to_be_visible()


def test_a_topic_shows_the_attempts_it_is_made_of_and_leads_to_its_quiz(ada: Visit) -> None:
    ada.page.goto("/radar/databases")
    topics = ada.page.get_by_role("table", name="What the area is made of")
    row = topics.get_by_role("row").filter(has_text=re.compile(r"\d of \d")).first
    shown = IN_TABLE.search(squeezed(row.text_content()))
    name = squeezed(row.get_by_role("rowheader").text_content())
    row.get_by_role("link").click()
    ada.expect_heading(name)
    assert shown
    assert score_in(ada.page.get_by_role("main")) == shown.groups()
    expect(ada.page.get_by_text(re.compile(r"About \d+ more answers? in .+ would narrow"))).to_be_visible()
    attempts = ada.page.get_by_role("table", name="Your answers in this topic")
    expect(attempts.get_by_role("rowheader").first).to_be_visible()
    ada.follow("Take this topic's quiz")
    ada.expect_heading(name)


def drawn_scores(visit: Visit) -> Scores:
    """Score, interval and level by area, as the drawing says them to those who cannot see it."""
    radar = visit.page.get_by_role("img", name="Your skill radar")
    expect(radar).to_be_visible()
    expect(radar.locator("title")).to_have_text("Your skill radar")
    told = {area: tuple(score) for area, *score in IN_WORDS.findall(squeezed(radar.locator("desc").text_content()))}
    assert radar.locator("text tspan:last-child").all_text_contents() == [score[0] for score in told.values()]
    return told


def table_scores(visit: Visit) -> Scores:
    """Score, interval and level by area, as the table beside the drawing says them."""
    table = visit.page.get_by_role("table", name="Score with its 90 % interval, by area")
    rows = table.get_by_role("row").filter(has=visit.page.get_by_role("rowheader"))
    return {squeezed(row.get_by_role("rowheader").text_content()): score_in(row) for row in rows.all()}


def score_in(part: Locator) -> tuple[str, ...]:
    """The first score, its interval and its level in a part of the page."""
    found = IN_TABLE.search(squeezed(part.text_content()))
    assert found
    return found.groups()


def next_steps(visit: Visit) -> Locator:
    """The items of the list under "What to do next"."""
    heading = visit.page.get_by_role("heading", name="What to do next")
    return heading.locator("xpath=following::ol[1]/li")
