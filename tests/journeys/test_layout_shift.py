"""Nothing on the attempt page moves under its reader."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Arrive
from tests.journeys.layout_shift import find_shifts, watch_shifts
from tests.journeys.site import Site
from tests.journeys.visit import Visit


@pytest.fixture(params=[360, 1280])
def kim(site: Site, arrive: Arrive, request: pytest.FixtureRequest) -> Visit:
    """Kim, at the first of the longest items of all types, everything that moves being watched."""
    learner_id, email = site.add_person("Kim")
    site.start(site.longest_items(), learner_id=learner_id)
    visit = arrive(viewport={"width": request.param, "height": 800})
    visit.sign_in(email)
    watch_shifts(visit.page)
    visit.page.clock.install()
    visit.follow("Go on")
    visit.expect_ready()
    return visit


def test_opening_the_page_moves_nothing(kim: Visit) -> None:
    assert find_shifts(kim.page) == []


def test_another_question_the_state_line_and_the_countdown_move_nothing(kim: Visit) -> None:
    for number in range(2, 5):
        kim.answer()
        kim.save(then=f"Question {number} of 8")
        assert find_shifts(kim.page) == []
    for forward in ("05:00", "05:00", "03:00", "01:00"):
        kim.page.clock.fast_forward(forward)
        assert find_shifts(kim.page) == []


def test_a_notice_moves_nothing(kim: Visit) -> None:
    kim.expected_complaints.append("ERR_INTERNET_DISCONNECTED")
    kim.context.set_offline(True)
    kim.page.clock.fast_forward("00:20")
    kim.answer()
    kim.page.clock.fast_forward("00:02")
    expect(kim.page.get_by_role("alert")).to_contain_text("Not saved")
    assert find_shifts(kim.page) == []
    kim.context.set_offline(False)
    kim.page.clock.fast_forward("00:30")
    expect(kim.page.get_by_role("alert")).to_be_empty()
    assert find_shifts(kim.page) == []
