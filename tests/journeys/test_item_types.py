"""Every type of item, taken without JavaScript and with a mouse, and what a page keeps of each."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Arrive
from tests.journeys.looks import find_faults
from tests.journeys.site import Site
from tests.journeys.visit import LAST, Visit
from tracker.assessment.item_types import REGISTRY

COUNT = len(REGISTRY)


def start(site: Site, visit: Visit, names: list[str]) -> None:
    """Sign somebody in who is at the first of these types' longest items."""
    learner_id, email = site.add_person("Kim")
    site.start([item for item in site.longest_items() if item.body.name in names], learner_id=learner_id)
    visit.sign_in(email)
    visit.follow("Go on")


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without"])
def test_all_types_can_be_answered_shown_again_and_seen_explained(
    site: Site, arrive: Arrive, has_scripts: bool
) -> None:
    kim = arrive(java_script_enabled=has_scripts)
    start(site, kim, list(REGISTRY))
    for number in range(1, COUNT + 1):
        kim.answer()
        kim.save(then=f"Question {number + 1} of {COUNT}" if number < COUNT else LAST)
    kim.page.get_by_role("button", name=f"Question {COUNT}").click()
    for number in range(COUNT, 0, -1):
        kim.expect_heading(f"Question {number} of {COUNT}")
        expect_kept(kim, kim.answer_to(kim.shown_item(), rightly=True))
        if number > 1:
            kim.page.get_by_role("button", name="Back", exact=True).click()
    kim.save("All questions", then=LAST)
    kim.page.get_by_role("button", name="Finish and see my result").click()

    expect(kim.page.get_by_text(f"{COUNT} of {COUNT} questions right.")).to_be_visible()


def test_wrong_answers_of_all_types_are_explained_and_look_right(site: Site, arrive: Arrive) -> None:
    kim = arrive()
    start(site, kim, list(REGISTRY))
    for number in range(1, COUNT + 1):
        kim.answer(rightly=False)
        kim.save(then=f"Question {number + 1} of {COUNT}" if number < COUNT else LAST)
    kim.page.get_by_role("button", name="Finish and see my result").click()
    expect(kim.page.get_by_text(f"0 of {COUNT} questions right.")).to_be_visible()
    for one in kim.page.get_by_role("group").locator("summary").all():
        one.click()

    assert find_faults(kim.page, "result-of-all-types") == []


def test_lines_are_moved_left_out_and_put_back_with_the_focus_on_them(site: Site, arrive: Arrive) -> None:
    kim = arrive()
    start(site, kim, ["order"])
    first, second, *_ = tokens = kim.line_tokens()
    state, announcer = kim.page.get_by_role("status"), kim.page.locator("#announcer")
    expect(state).to_be_empty()

    kim.press_at(second, "Move up")
    assert kim.line_tokens()[:2] == [second, first]
    expect(announcer).to_have_text(f"Place 1 of {len(tokens)}.")
    expect(state).to_have_text("Saved")
    expect(kim.lines().first.locator(":focus")).to_have_text("Move up")

    kim.press_at(second, "Leave out")
    assert kim.line_tokens() == [first, *tokens[2:], second]
    expect(announcer).to_have_text("Left out.")
    expect(kim.lines().last.locator(":focus")).to_have_text("Put back")
    assert find_faults(kim.page, "take-order-left-out") == []

    kim.press_at(second, "Put back")
    kim.press_at(second, "Move up")
    assert kim.line_tokens() == [first, *tokens[2:-1], second, tokens[-1]]


def test_lines_that_nobody_moved_are_an_answer_left_out(site: Site, arrive: Arrive) -> None:
    kim = arrive()
    start(site, kim, ["order"])
    kim.save(then=LAST)
    expect(kim.page.get_by_role("main")).to_contain_text("1 question of 1 has no answer yet")


@pytest.mark.parametrize("name", ["output", "order", "match", "gap"])
def test_an_answer_that_could_not_be_sent_is_sent_once_the_session_is_back(
    site: Site, arrive: Arrive, name: str
) -> None:
    kim = arrive()
    kim.expected_complaints += ["status of 401", "status of 400"]
    start(site, kim, [name])
    kim.expect_ready()
    cookies = kim.context.cookies()
    kim.context.clear_cookies()
    item = kim.answer()
    expect(kim.page.get_by_role("alert").first).to_contain_text("You were signed out.")
    kim.context.add_cookies(cookies)  # type: ignore[arg-type]
    kim.page.reload()
    kim.expect_ready()
    expect_kept(kim, kim.answer_to(item, rightly=True))
    kim.save(then=LAST)
    expect(kim.page.get_by_role("main")).to_contain_text("Every question has an answer")


def test_places_given_twice_without_javascript_are_refused_in_words(site: Site, arrive: Arrive) -> None:
    kim = arrive(java_script_enabled=False)
    kim.expected_complaints.append("status of 400")
    start(site, kim, ["order"])
    for token in kim.line_tokens()[:2]:
        kim.page.locator(f"#place-{token}").select_option(f"{token}:3")
    kim.page.get_by_role("button", name="Save and go on").click()
    expect(kim.page.get_by_text("Two lines have place 3. Give every line a place of its own.")).to_be_visible()


def expect_kept(visit: Visit, sent: list[str]) -> None:
    """Find an answer in the page's form again."""
    controls = visit.page.locator("[name=answer]:checked, select[name=answer], [name=answer]:is([type=text], textarea)")
    kept = controls.evaluate_all("controls => controls.map(control => control.value)")
    assert sorted(filter(None, kept)) == sorted(filter(None, sent))
