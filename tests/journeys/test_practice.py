"""A person practises: by keyboard alone, without JavaScript, and what was missed is there the next day."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Arrive
from tests.journeys.looks import find_faults
from tests.journeys.site import Site
from tests.journeys.test_keyboard import answer, press
from tests.journeys.visit import Visit
from tracker.assessment.item import Item


def expect_explained(visit: Visit, item: Item) -> None:
    """The page explains this item and says that no score changed."""
    main = visit.page.get_by_role("main")
    expect(main.get_by_role("link", name=item.source.title).first).to_be_visible()
    expect(main).to_contain_text("Practice never changes a score")


def test_three_items_are_practised_with_the_keyboard_alone(site: Site, arrive: Arrive) -> None:
    _, email = site.add_person("Kim")
    kim = arrive()
    kim.sign_in(email)
    press(kim, kim.page.get_by_role("navigation").get_by_role("link", name="Practice"))
    press(kim, kim.page.get_by_role("link", name="Databases", exact=True))
    met = set()
    for _ in range(3):
        item = kim.shown_item()
        met.add(item.id)
        answer(kim)
        press(kim, kim.page.get_by_role("button", name="Check my answer"))
        kim.expect_heading("Right")
        expect_explained(kim, item)
        kim.page.keyboard.press("Enter")
        expect(kim.page.get_by_role("button", name="Check my answer")).to_be_visible()
    assert len(met) == 3
    press(kim, kim.page.get_by_role("link", name="Stop"))
    kim.expect_heading("Practice")


def test_number_keys_choose_and_enter_checks_and_goes_on(site: Site, arrive: Arrive) -> None:
    _, email = site.add_person("Kim")
    kim = arrive()
    kim.sign_in(email)
    kim.page.goto("/practice/language")
    while not kim.choices().count():
        kim.page.get_by_role("button", name="I do not know yet").click()
        kim.page.get_by_role("link", name="Next").click()
    item = kim.answer(by_keys=True)
    kim.page.get_by_role("heading", level=1).click()
    kim.page.keyboard.press("Enter")
    kim.expect_heading("Right")
    expect_explained(kim, item)


def test_practice_works_without_javascript_and_what_was_missed_waits_for_tomorrow(site: Site, arrive: Arrive) -> None:
    _, email = site.add_person("Grace")
    grace = arrive(java_script_enabled=False)
    grace.sign_in(email)
    grace.follow("Practice")
    expect(grace.page.get_by_role("heading", name="Nothing due today")).to_be_visible()
    grace.follow("Essential Tools")
    item = grace.shown_item()
    grace.page.get_by_role("button", name="I do not know yet").click()
    grace.expect_heading("Here is the answer")
    expect_explained(grace, item)
    grace.follow("Next")
    assert grace.shown_item().id != item.id
    item = grace.answer()
    grace.page.get_by_role("button", name="Check my answer").click()
    grace.expect_heading("Right")
    grace.page.go_back()
    grace.page.get_by_role("button", name="Check my answer").click()  # sent twice, counted once
    grace.follow("Stop")
    expect(grace.page.get_by_role("heading", name="Nothing due today")).to_be_visible()


def test_home_leads_to_what_a_quiz_missed_the_day_before(site: Site, arrive: Arrive) -> None:
    learner_id, email = site.add_person("Ada")
    site.take("databases", learner_id=learner_id, days_ago=2, wrong_every=4)
    ada = arrive()
    ada.sign_in(email)
    ada.follow("3 items due today")
    for left in ("3 items", "2 items", "1 item"):
        ada.expect_heading(f"What is due today: {left} due today")
        ada.answer()
        ada.page.get_by_role("button", name="Check my answer").click()
        ada.expect_heading("Right")
        ada.follow("Next")
    expect(ada.page.get_by_role("main")).to_contain_text("Nothing more is due today.")
    ada.page.goto("/")
    expect(ada.page.get_by_role("link", name="due today")).to_have_count(0)


@pytest.mark.parametrize("rightly", [True, False])
def test_an_explained_answer_looks_right(site: Site, arrive: Arrive, *, rightly: bool) -> None:
    _, email = site.add_person("Rita")
    rita = arrive()
    rita.sign_in(email)
    rita.page.goto("/practice/apis")
    faults = find_faults(rita.page, "practice-ask")
    rita.answer(rightly=rightly)
    rita.page.get_by_role("button", name="Check my answer").click()
    expect(rita.page.get_by_role("link", name="Next")).to_be_visible()
    assert faults + find_faults(rita.page, f"practice-{'right' if rightly else 'missed'}") == []


def test_choosing_looks_right_with_something_due_and_without(site: Site, arrive: Arrive) -> None:
    learner_id, email = site.add_person("Rita")
    rita = arrive()
    rita.sign_in(email)
    rita.page.goto("/practice")
    faults = find_faults(rita.page, "practice-empty")
    rita.page.goto("/practice/due")
    faults += find_faults(rita.page, "practice-nothing-due")
    site.take("placement", learner_id=learner_id, days_ago=3, wrong_every=3)
    rita.page.goto("/practice")
    faults += find_faults(rita.page, "practice")
    rita.page.goto("/")
    assert faults + find_faults(rita.page, "home-due") == []
