"""A person takes an adaptive quiz: with the keyboard alone, and in a browser without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Arrive
from tests.journeys.site import Site
from tests.journeys.test_keyboard import answer, press
from tests.journeys.visit import Visit

MOST = 8


def test_a_topics_quiz_can_be_taken_with_the_keyboard_alone(site: Site, arrive: Arrive) -> None:
    _learner_id, email = site.add_person("Kim")
    kim = arrive()
    kim.sign_in(email)
    kim.follow("Assessments")
    press(kim, kim.page.get_by_text(re.compile("^Databases: ")))
    press(kim, kim.page.get_by_role("link", name="SQLite", exact=True))
    press(kim, kim.page.get_by_role("button", name="Start the 12 minutes"))
    for number in range(1, MOST + 1):
        kim.expect_heading(f"Question {number} of at most {MOST}")
        assert not kim.page.get_by_role("button", name="Back").count()
        answer(kim)
        press(kim, kim.page.get_by_role("button", name="Save and go on"))
        if is_over(kim, number):
            break
    expect_result(kim, "SQLite", number)


@pytest.mark.parametrize("viewport", [{"width": 360, "height": 740}, {"width": 1280, "height": 800}])
def test_it_works_without_javascript(site: Site, arrive: Arrive, viewport: dict[str, int]) -> None:
    _learner_id, email = site.add_person("Grace")
    grace = arrive(java_script_enabled=False, viewport=viewport)
    grace.sign_in(email)
    grace.page.goto("/assessments/topic-tools-git")
    grace.page.get_by_role("button", name="Start the 12 minutes").click()
    for number in range(1, MOST + 1):
        grace.expect_heading(f"Question {number} of at most {MOST}")
        grace.answer(rightly=number % 2 == 0)
        grace.page.get_by_role("button", name="Save and go on").click()
        if is_over(grace, number):
            break
    expect_result(grace, "Git", number)


def is_over(visit: Visit, number: int) -> bool:
    """Whether the quiz stopped after so many; waits for the next page either way."""
    main = visit.page.get_by_role("main")
    expect(main).to_contain_text(re.compile(rf"Question {number + 1} of|We stopped after {number} "))
    return not main.get_by_role("heading", name=re.compile(f"Question {number + 1} of")).count()


def expect_result(visit: Visit, name: str, count: int) -> None:
    """The result is there, and says why it stopped."""
    visit.expect_heading(name)
    expect(visit.page.get_by_text(f"We stopped after {count} questions")).to_be_visible()
