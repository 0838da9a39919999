"""What a person loses when something breaks in mid-quiz: nothing."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.conftest import PASSWORD
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
    ada.expected_complaints.append("ERR_INTERNET_DISCONNECTED")
    ada.expect_ready()
    ada.context.set_offline(True)
    ada.answer()
    chosen = ada.page.locator("input[name=answer]:checked").input_value()
    alert = ada.page.get_by_role("alert")
    expect(alert).to_contain_text("Not saved: we cannot be reached.")
    expect(alert).to_be_in_viewport(ratio=1)
    expect(ada.page.get_by_role("status")).to_have_text("Not saved yet: keeping it here")
    ada.page.get_by_role("button", name="Save and go on").click()
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
    ada.expected_complaints.append("ERR_INTERNET_DISCONNECTED")
    ada.expect_ready()
    ada.context.set_offline(True)
    ada.answer()
    again = ada.page.get_by_role("button", name="Try again now")
    with ada.page.expect_event("requestfailed"):
        again.click()
    expect(again).to_be_visible()
    expect(ada.page.get_by_role("status")).to_have_text("Not saved yet: keeping it here")
    ada.context.set_offline(False)
    expect(ada.page.get_by_role("status")).to_have_text("Saved")
    expect(ada.page.get_by_role("alert")).to_be_empty()


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
    ada.expected_complaints.append("ERR_FAILED")
    ada.page.clock.install()
    ada.page.reload()
    ada.expect_ready()
    attempt_id = ada.page.url.rpartition("/")[2]
    for minutes, told in ((7.6, "7 minutes left."), (2.5, "5 minutes left."), (4, "1 minute left.")):
        site.pass_time(attempt_id, timedelta(minutes=minutes))
        ada.page.clock.fast_forward("00:11")  # the page asks for the time every ten seconds
        expect(ada.page.get_by_text(told)).to_be_attached()
    expect(ada.page.get_by_role("timer")).to_have_text(re.compile(r"^0:[45]\d$"))
    ada.answer()
    expect(ada.page.get_by_role("status")).to_have_text("Saved")
    ada.page.route("**/clock", lambda route: route.abort())  # or it would say that there is time left
    ada.page.clock.fast_forward("01:00")
    expect(ada.page.get_by_role("alert")).to_contain_text("Time is up.")
    ada.page.unroute("**/clock")
    site.run_out(attempt_id)
    ada.page.clock.fast_forward("00:03")
    expect(ada.page.get_by_text("when time ran out")).to_be_visible()
    expect(ada.page.get_by_text("1 of 1 question right.")).to_be_visible()


def test_an_answer_sent_after_the_time_is_kept_as_late_with_the_way_to_the_result(site: Site, ada: Visit) -> None:
    ada.expected_complaints.append("status of 409")
    ada.answer()
    ada.save(then="Question 2 of 3")
    site.run_out(ada.page.url.rpartition("/")[2])
    ada.answer()
    expect(ada.page.get_by_role("alert")).to_contain_text("reached us after the attempt was over")
    expect(ada.page.get_by_role("status")).to_have_text("Kept as late")
    ada.follow("See your result")
    expect(ada.page.get_by_text("1 of 2 questions right.")).to_be_visible()


def test_what_is_chosen_after_signing_out_elsewhere_is_sent_after_signing_in_on_the_page(ada: Visit) -> None:
    ada.expected_complaints += ["status of 400", "status of 401"]
    ada.expect_ready()
    other = ada.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("link", name="Make an account")).to_be_visible()

    ada.answer()
    chosen = ada.page.locator("input[name=answer]:checked").input_value()
    expect(ada.page.get_by_role("alert").first).to_contain_text("You were signed out.")
    ada.page.get_by_role("button", name="Sign in here").click()
    ada.page.get_by_label("Email address").fill(ada.email)
    ada.page.get_by_label("Password").fill("not the password")
    ada.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(ada.page.get_by_text("This address and password do not belong together.")).to_be_visible()
    ada.page.get_by_label("Password").fill(PASSWORD)
    ada.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(ada.page.get_by_role("status")).to_have_text("Saved")
    ada.save(then="Question 2 of 3")
    ada.save("Back", then="Question 1 of 3")
    assert ada.page.locator("input[name=answer]:checked").input_value() == chosen
