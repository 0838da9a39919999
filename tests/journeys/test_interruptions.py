"""What a person loses when something breaks in mid-quiz: nothing."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Arrive
from tests.journeys.site import Site
from tests.journeys.visit import Visit
from tracker.assessment.item_types import SingleChoice

PHONE = {"width": 360, "height": 640}


@pytest.fixture
def ada(site: Site, arrive: Arrive) -> Visit:
    """Ada, on the first of three items."""
    learner_id, email = site.add_person("Ada")
    items = [item for item in site.items.values() if isinstance(item.body, SingleChoice)][:3]
    site.start(items, learner_id=learner_id)
    visit = arrive(viewport=PHONE)
    visit.sign_in(email)
    visit.follow("Go on")
    visit.expect_heading("Question 1 of 3")
    return visit


def test_an_answer_given_offline_is_loudly_not_saved_stays_and_is_saved_once_back(ada: Visit) -> None:
    ada.expected_complaints += ["ERR_INTERNET_DISCONNECTED", "error: htmx:"]
    ada.answer()
    chosen = ada.page.locator("input[name=answer]:checked").input_value()
    ada.context.set_offline(True)
    ada.page.get_by_role("button", name="Save and go on").click()
    alert = ada.page.get_by_role("alert")
    expect(alert).to_contain_text("Not saved: we cannot be reached.")
    expect(alert).to_be_in_viewport(ratio=1)
    expect(ada.page.get_by_role("status")).to_have_text("Not saved")
    ada.expect_heading("Question 1 of 3")
    assert ada.page.locator("input[name=answer]:checked").input_value() == chosen

    ada.context.set_offline(False)
    ada.expect_heading("Question 2 of 3")
    expect(alert).to_be_empty()
    expect(ada.page.get_by_role("status")).to_have_text("Saved")
    ada.answer()
    ada.save(then="Question 3 of 3")
    ada.save("Back", then="Question 2 of 3")
    ada.save("Back", then="Question 1 of 3")
    assert ada.page.locator("input[name=answer]:checked").input_value() == chosen


def test_trying_again_by_hand_keeps_saying_that_nothing_is_saved_until_it_is(ada: Visit) -> None:
    ada.expected_complaints += ["ERR_INTERNET_DISCONNECTED", "error: htmx:"]
    ada.answer()
    ada.context.set_offline(True)
    ada.page.keyboard.press("Enter")
    again = ada.page.get_by_role("button", name="Try again now")
    with ada.page.expect_event("requestfailed"):
        again.click()
    expect(again).to_be_visible()
    expect(ada.page.get_by_role("status")).to_have_text("Not saved")
    ada.context.set_offline(False)
    ada.expect_heading("Question 2 of 3")


def test_an_attempt_whose_time_has_passed_shows_its_result(site: Site, ada: Visit) -> None:
    ada.answer()
    ada.save(then="Question 2 of 3")
    site.run_out(ada.page.url.rpartition("/")[2])
    ada.page.reload()
    expect(ada.page.get_by_text("1 of 2 questions right.")).to_be_visible()
    expect(ada.page.get_by_text("when time ran out")).to_be_visible()


def test_the_clock_tells_when_half_five_minutes_and_one_are_left_and_then_opens_the_result(
    site: Site, ada: Visit
) -> None:
    ada.page.clock.install()
    ada.page.reload()
    for forward, told in (("07:31", "7 minutes left."), ("02:31", "5 minutes left."), ("04:00", "1 minute left.")):
        ada.page.clock.fast_forward(forward)
        expect(ada.page.get_by_text(told)).to_be_attached()
    expect(ada.page.get_by_role("timer")).to_have_text(re.compile(r"^0:5\d$"))
    ada.answer()
    ada.page.clock.fast_forward("01:00")
    expect(ada.page.get_by_role("alert")).to_contain_text("Time is up.")
    expect(ada.page.get_by_role("status")).to_have_text("Saved")
    site.run_out(ada.page.url.rpartition("/")[2])
    ada.page.clock.fast_forward("00:08")
    expect(ada.page.get_by_text("when time ran out")).to_be_visible()
    expect(ada.page.get_by_text("1 of 1 question right.")).to_be_visible()


def test_an_answer_sent_after_the_time_is_refused_with_the_way_to_the_result(site: Site, ada: Visit) -> None:
    ada.expected_complaints += ["status of 409", "Response Status Error Code 409"]
    ada.answer()
    ada.save(then="Question 2 of 3")
    ada.answer()
    site.run_out(ada.page.url.rpartition("/")[2])
    ada.page.get_by_role("button", name="Save and go on").click()
    expect(ada.page.get_by_role("alert")).to_contain_text("This attempt is closed.")
    ada.follow("See your result")
    expect(ada.page.get_by_text("1 of 2 questions right.")).to_be_visible()


def test_an_answer_sent_after_signing_out_elsewhere_is_kept_and_sent_after_signing_in(ada: Visit) -> None:
    ada.expected_complaints += ["status of 400", "status of 401", "Response Status Error Code 40"]
    ada.answer()
    chosen = ada.page.locator("input[name=answer]:checked").input_value()
    other = ada.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("link", name="Make an account")).to_be_visible()

    ada.page.get_by_role("button", name="Save and go on").click()
    expect(ada.page.get_by_role("alert")).to_contain_text("Not saved: you were signed out.")
    ada.follow("Sign in and go on")
    ada.fill_sign_in(ada.email)
    ada.expect_heading("Question 2 of 3")
    ada.save("Back", then="Question 1 of 3")
    assert ada.page.locator("input[name=answer]:checked").input_value() == chosen
