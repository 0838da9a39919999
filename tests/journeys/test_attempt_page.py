"""The page of an attempt at work: saving, keeping, one page at a time, more time, flags, places, keys."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.conftest import Arrive
from tests.journeys.looks import find_faults
from tests.journeys.site import Site
from tests.journeys.visit import LAST, Visit
from tracker.assessment.item_types import SingleChoice

SINGLES = 3
ELSEWHERE = "You are going on in another tab or device."


@pytest.fixture
def learner(site: Site) -> tuple[int, str]:
    """Somebody with an account: id and address."""
    return site.add_person("Ada")


@pytest.fixture
def attempt_id(site: Site, learner: tuple[int, str]) -> str:
    """An attempt at three choices of one option and then the longest item to type."""
    singles = [item for item in site.items.values() if isinstance(item.body, SingleChoice)][:SINGLES]
    typed = next(item for item in site.longest_items() if item.body.name == "text")
    return site.start([*singles, typed], learner_id=learner[0])


@pytest.fixture
def ada(arrive: Arrive, learner: tuple[int, str], attempt_id: str) -> Visit:
    """Ada on the first item."""
    return arrive_at(arrive, learner, attempt_id)


def start_a_number(site: Site, learner: tuple[int, str]) -> str:
    """Begin an attempt of one item that asks for a number. Gives its id."""
    number = next(item for item in site.longest_items() if item.body.name == "number")
    return site.start([number], learner_id=learner[0], assessment_slug="tools")


def arrive_at(arrive: Arrive, learner: tuple[int, str], attempt_id: str) -> Visit:
    """Arrive at the attempt's page with a browser of one's own."""
    visit = arrive()
    visit.sign_in(learner[1])
    visit.page.goto(f"/attempts/{attempt_id}")
    visit.expect_ready()
    return visit


def expect_saved(visit: Visit) -> None:
    expect(visit.page.get_by_role("status")).to_have_text("Saved")


def chosen(visit: Visit) -> str:
    return visit.page.locator("input[name=answer]:checked").input_value()


def lose_saves(visit: Visit) -> None:
    """Let nothing that is saved reach the server, also not what a page still sends while it closes."""
    visit.expected_complaints.append("ERR_FAILED")
    visit.context.route("**/responses", lambda route: route.abort())


def let_saves_through(visit: Visit) -> None:
    visit.context.unroute("**/responses")


def test_a_choice_is_saved_without_pressing_a_button(ada: Visit) -> None:
    ada.answer()
    expect_saved(ada)
    token = chosen(ada)
    ada.page.reload()
    assert chosen(ada) == token


def test_a_text_is_saved_when_the_typing_pauses(ada: Visit) -> None:
    ada.page.get_by_role("button", name="Question 4").click()
    ada.expect_heading("Question 4 of 4")
    ada.page.get_by_label("Your answer").press_sequentially("yield")
    expect_saved(ada)
    ada.page.reload()
    expect(ada.page.get_by_label("Your answer")).to_have_value("yield")


def test_saved_is_said_only_after_the_acknowledgement_of_the_newest_change(ada: Visit) -> None:
    held: list[Route] = []
    ada.page.route("**/responses", lambda route: held.append(route))
    status = ada.page.get_by_role("status")
    for choice in (0, 1, 2):
        ada.choices().nth(choice).locator("xpath=ancestor::label").click()
    expect(status).not_to_have_text("Saved")
    with ada.page.expect_response("**/responses"):
        held[0].continue_()
    ada.page.wait_for_function("() => document.getElementById('save-state').dataset.state === 'saving'")
    expect(status).not_to_have_text("Saved")
    assert len(held) == 2  # the second change never left: the third took its place
    held[1].continue_()
    expect_saved(ada)


def test_the_same_answer_is_known_when_its_acknowledgement_was_lost(ada: Visit) -> None:
    ada.expected_complaints.append("ERR_FAILED")
    lost: list[str] = []

    def lose_first_reply(route: Route) -> None:
        lost.append(route.request.post_data or "")
        if len(lost) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    ada.page.route("**/responses", lose_first_reply)
    ada.answer()
    expect(ada.page.get_by_role("alert")).to_contain_text("Not saved")
    expect_saved(ada)
    assert lost[0] == lost[1]
    ada.save(then="Question 2 of 4")


@pytest.mark.parametrize("status", [429, 503])
def test_when_the_server_asks_to_wait_the_answer_is_kept_and_sent_after_that(ada: Visit, status: int) -> None:
    ada.expected_complaints.append(f"status of {status}")
    ada.page.clock.install()
    sent: list[Route] = []

    def refuse_once(route: Route) -> None:
        sent.append(route)
        if len(sent) > 1:
            route.continue_()
        else:
            route.fulfill(status=status, headers={"Retry-After": "60"}, json={"status": status, "error": "later"})

    ada.page.route("**/responses", refuse_once)
    ada.answer()
    expect(ada.page.get_by_role("status")).to_have_text("Not saved yet: keeping it here")
    ada.answer(rightly=False)
    ada.page.clock.fast_forward("00:30")
    expect(ada.page.get_by_role("status")).to_have_text("Not saved yet: keeping it here")
    assert len(sent) == 1
    ada.page.clock.fast_forward("00:31")
    expect_saved(ada)


def test_what_an_earlier_page_could_not_send_is_sent_by_the_next(ada: Visit) -> None:
    lose_saves(ada)
    ada.answer()
    expect(ada.page.get_by_role("alert")).to_contain_text("Not saved")
    token = chosen(ada)
    address = ada.page.url
    ada.page.close()

    let_saves_through(ada)
    ada.page = ada.context.new_page()
    ada.page.goto(address)
    ada.expect_ready()
    assert chosen(ada) == token
    expect(ada.page.get_by_role("alert")).to_be_empty()
    ada.page.reload()
    assert chosen(ada) == token


def test_what_was_kept_beyond_the_end_is_sent_from_the_result_and_kept_as_late(
    site: Site, ada: Visit, attempt_id: str
) -> None:
    ada.expected_complaints.append("status of 409")
    lose_saves(ada)
    ada.answer()
    expect(ada.page.get_by_role("alert")).to_contain_text("Not saved")
    site.run_out(attempt_id)  # before the page closes: what it sends then is not held up
    ada.page.close()
    let_saves_through(ada)
    ada.page = ada.context.new_page()
    ada.page.goto(f"/attempts/{attempt_id}/result")
    expect(ada.page.get_by_text("after the attempt was over")).to_be_visible()


def test_what_cannot_be_kept_beyond_the_end_is_named_on_the_result(
    site: Site, arrive: Arrive, learner: tuple[int, str]
) -> None:
    attempt_id = start_a_number(site, learner)
    ada = arrive_at(arrive, learner, attempt_id)
    ada.expected_complaints.append("status of 400")
    with ada.page.expect_response("**/responses"):
        ada.page.locator("#answer").fill("many")
    expect(ada.page.get_by_role("status")).to_have_text("Not saved yet: keeping it here")
    ada.page.close()
    site.run_out(attempt_id)

    ada.page = ada.context.new_page()
    ada.page.goto(f"/attempts/{attempt_id}/result")
    expect(ada.page.locator("#kept")).to_have_text(
        "Your answer to question 1 did not fit, so it could not be kept: many"
    )
    assert find_faults(ada.page, "result-unfit") == []
    ada.page.reload()
    expect(ada.page.locator("#kept")).to_be_hidden()


def test_a_result_whose_session_is_over_asks_once_and_no_more(site: Site, ada: Visit, attempt_id: str) -> None:
    ada.expected_complaints.append("status of 400")
    lose_saves(ada)
    ada.answer()
    expect(ada.page.get_by_role("alert")).to_contain_text("Not saved")
    site.run_out(attempt_id)  # before the page closes: what it sends then is not held up
    ada.page.close()
    let_saves_through(ada)
    ada.page = ada.context.new_page()
    ada.page.clock.install()
    asked: list[str] = []
    outdated = {"status": 400, "error": "outdated-page", "message": "This page was open for too long."}

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=400, json=outdated)

    ada.page.route("**/responses", refuse)
    ada.page.goto(f"/attempts/{attempt_id}/result")
    expect(ada.page.locator("#kept")).to_contain_text("Reload this page to send it.")
    ada.page.clock.fast_forward("01:00")
    assert len(asked) == 1
    ada.expected_complaints.append("status of 409")
    ada.page.unroute("**/responses")
    ada.page.reload()
    expect(ada.page.get_by_text("after the attempt was over")).to_be_visible()


def test_a_text_that_cannot_be_an_answer_is_kept_and_explained_when_going_on(
    site: Site, arrive: Arrive, learner: tuple[int, str]
) -> None:
    ada = arrive_at(arrive, learner, start_a_number(site, learner))
    ada.expected_complaints.append("status of 400")
    box = ada.page.locator("#answer")
    box.fill("many")
    expect(ada.page.get_by_role("status")).to_have_text("Not saved yet: keeping it here")
    ada.page.get_by_role("button", name="Save and go on").click()
    expect(ada.page.get_by_role("alert")).to_contain_text("That did not fit.")
    expect(box).to_have_value("many")
    ada.page.reload()
    expect(box).to_have_value("many")
    box.fill("12")
    expect_saved(ada)
    ada.save(then=LAST)


def test_at_the_end_a_text_that_cannot_be_an_answer_is_named_with_the_way_to_the_result(
    site: Site, arrive: Arrive, learner: tuple[int, str]
) -> None:
    attempt_id = start_a_number(site, learner)
    ada = arrive_at(arrive, learner, attempt_id)
    ada.expected_complaints.append("status of 400")
    ada.page.clock.install()
    ada.page.reload()
    ada.expect_ready()
    with ada.page.expect_response("**/responses"):
        ada.page.locator("#answer").fill("many")
    site.run_out(attempt_id)
    ada.page.clock.fast_forward("00:11")
    expect(ada.page.get_by_role("alert")).to_contain_text("could not be kept: many")
    assert find_faults(ada.page, "take-unfit") == []
    expect(ada.page.get_by_role("status")).to_have_text("Not saved")
    ada.follow("See your result")
    expect(ada.page.get_by_text("when time ran out")).to_be_visible()


def test_what_is_refused_when_time_is_up_opens_nothing_again(
    site: Site, arrive: Arrive, learner: tuple[int, str]
) -> None:
    attempt_id = start_a_number(site, learner)
    ada = arrive_at(arrive, learner, attempt_id)
    ada.expected_complaints += ["status of 400", "ERR_FAILED"]
    held: list[Route] = []
    ada.page.route("**/responses", lambda route: held.append(route))
    with ada.page.expect_request("**/responses"):
        ada.page.locator("#answer").fill("many")
    site.pass_time(attempt_id, timedelta(minutes=15))
    ada.page.evaluate("() => { dispatchEvent(new Event('online')) }")  # asks for the time
    expect(ada.page.get_by_role("alert")).to_contain_text("Time is up.")
    ada.page.route("**/clock", lambda route: route.abort())
    with ada.page.expect_response("**/responses"):
        held[0].continue_()
    expect(ada.page.get_by_role("status")).to_have_text("Not saved yet: keeping it here")
    assert ada.page.locator("#item[data-locked] form").evaluate("form => form.inert")


def test_after_very_many_changes_the_review_can_still_be_reached_and_the_quiz_finished(
    site: Site, ada: Visit, attempt_id: str
) -> None:
    ada.expected_complaints.append("status of 400")
    ada.answer()
    expect_saved(ada)
    saved = chosen(ada)
    site.wear_out(attempt_id)
    ada.page.reload()
    ada.expect_ready()
    ada.page.locator("label:has(input[name=answer]:not(:checked))").first.click()
    alert = ada.page.get_by_role("alert")
    expect(alert).to_contain_text("This quiz has seen too many changes")
    assert "seq" not in alert.inner_text()
    assert find_faults(ada.page, "take-full") == []
    assert chosen(ada) == saved
    ada.save("All questions", then=LAST)
    ada.page.get_by_role("button", name="Finish and see my result").click()
    expect(ada.page.get_by_text("1 of 4 questions right.")).to_be_visible()


def test_the_newer_tab_wins_and_the_older_one_says_so_and_can_take_over(ada: Visit) -> None:
    older, newer = ada.page, ada.context.new_page()
    newer.goto(older.url)
    expect(older.get_by_role("alert")).to_contain_text(ELSEWHERE)
    assert older.locator("#item[data-locked] form").evaluate("form => form.inert")
    assert find_faults(older, "take-elsewhere") == []

    older.get_by_role("button", name="Go on here").click()
    expect(newer.get_by_role("alert")).to_contain_text(ELSEWHERE)
    ada.answer()
    expect_saved(ada)


@pytest.mark.parametrize("is_kept_used", [True, False], ids=["use what was kept", "leave what is saved"])
def test_two_answers_to_one_item_are_both_shown_and_the_learner_chooses(
    arrive: Arrive, ada: Visit, learner: tuple[int, str], attempt_id: str, is_kept_used: bool
) -> None:
    ada.expected_complaints += ["ERR_INTERNET_DISCONNECTED", "status of 409"]
    ada.context.set_offline(True)
    ada.answer()
    expect(ada.page.get_by_role("alert")).to_contain_text("Not saved")
    phone = arrive_at(arrive, learner, attempt_id)
    phone.answer(rightly=False)
    expect_saved(phone)
    kept, saved = chosen(ada), chosen(phone)

    ada.context.set_offline(False)
    expect(ada.page.get_by_role("alert")).to_contain_text("not saved, but kept")
    ada.page.get_by_role("button", name="Go on here").click()
    alert = ada.page.get_by_role("alert")
    expect(alert).to_contain_text("There are two answers to question 1.")
    assert find_faults(ada.page, "take-two-answers") == []
    ada.page.get_by_role("button", name="Use what was kept" if is_kept_used else "Leave what is saved").click()
    expect(alert).to_be_empty()

    if is_kept_used:
        expect_saved(ada)
    ada.page.reload()
    ada.expect_ready()
    assert chosen(ada) == (kept if is_kept_used else saved)


def test_more_time_reaches_an_open_page_with_its_reason(
    site: Site, ada: Visit, learner: tuple[int, str], attempt_id: str
) -> None:
    site.extend(attempt_id, learner_id=learner[0], minutes=5, reason="The fire alarm rang.")
    expect(ada.page.get_by_text("You have 5 more minutes: The fire alarm rang.")).to_be_visible()
    expect(ada.page.get_by_role("timer")).to_have_text(re.compile(r"^19:\d\d$"))
    ada.page.get_by_role("button", name="All right").click()
    expect(ada.page.get_by_text("You have 5 more minutes")).to_be_hidden()


def test_a_wrong_clock_of_the_device_is_told_and_does_not_count(ada: Visit) -> None:
    ada.page.clock.install(time="2031-01-01T12:00:00")
    ada.page.reload()
    ada.page.clock.fast_forward("00:11")
    expect(ada.page.get_by_text("Ours counts, so nothing changes for you.")).to_be_visible()
    expect(ada.page.get_by_role("timer")).to_have_text(re.compile(r"^14:\d\d$"))


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without"])
def test_places_are_flagged_found_again_and_unflagged(
    site: Site, arrive: Arrive, learner: tuple[int, str], attempt_id: str, has_scripts: bool
) -> None:
    ada = arrive(java_script_enabled=has_scripts)
    ada.sign_in(learner[1])
    ada.page.goto(f"/attempts/{attempt_id}")
    ada.answer()
    ada.page.get_by_role("button", name="Flag", exact=True).click()
    expect(ada.page.get_by_role("button", name="Question 1, answered, flagged")).to_have_attribute(
        "aria-current", "step"
    )
    ada.page.get_by_role("button", name="Question 3, open").click()
    ada.expect_heading("Question 3 of 4")
    ada.save("All questions", then=LAST)
    expect(ada.page.get_by_role("main")).to_contain_text("1 flagged to look at again: question 1.")
    ada.page.get_by_role("button", name=re.compile("^Question 1")).click()
    ada.page.get_by_role("button", name="Unflag").click()
    expect(ada.page.get_by_role("button", name="Flag", exact=True)).to_be_visible()
    expect(ada.page.get_by_role("button", name="Question 1, answered", exact=True)).to_be_visible()


def test_keys_choose_move_flag_tell_the_time_and_help(ada: Visit) -> None:
    press = ada.page.keyboard.press
    press("b")
    expect(ada.choices().nth(1)).to_be_checked()
    press("1")
    expect(ada.choices().nth(0)).to_be_checked()
    press("f")
    expect(ada.page.get_by_role("button", name="Unflag")).to_be_visible()
    press("n")
    ada.expect_heading("Question 2 of 4")
    press("p")
    ada.expect_heading("Question 1 of 4")
    expect(ada.choices().nth(0)).to_be_checked()
    press("t")
    expect(ada.page.locator("#announcer")).to_have_text(re.compile(r"^14 minutes \d+ seconds? left\.\s?$"))
    ada.page.get_by_role("button", name="All keys").focus()
    press("?")
    dialog = ada.page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Keys")).to_be_visible()
    press("2")
    assert find_faults(ada.page, "take-keys") == []
    press("Escape")
    expect(dialog).to_be_hidden()
    expect(ada.page.get_by_role("button", name="All keys")).to_be_focused()
    expect(ada.choices().nth(0)).to_be_checked()


def test_keys_do_nothing_where_the_focus_is_outside_the_question(ada: Visit) -> None:
    ada.answer()
    expect_saved(ada)
    answered = chosen(ada)
    ada.page.locator(".preferences input[name=text]").first.focus()
    for key in ("f", "n", "1", "2", "Enter"):
        ada.page.keyboard.press(key)
    ada.page.locator("#place-heading").focus()
    ada.page.keyboard.press("t")
    expect(ada.page.locator("#announcer")).not_to_be_empty()
    ada.expect_heading("Question 1 of 4")
    assert chosen(ada) == answered
    expect(ada.page.get_by_role("button", name="Flag", exact=True)).to_be_visible()


def test_keys_only_type_while_somebody_types(ada: Visit) -> None:
    ada.page.get_by_role("button", name="Question 4").click()
    ada.expect_heading("Question 4 of 4")
    box = ada.page.get_by_label("Your answer")
    box.press_sequentially("pfnt?1")
    expect(box).to_have_value("pfnt?1")
    expect_saved(ada)
    ada.expect_heading("Question 4 of 4")
    expect(ada.page.get_by_role("dialog")).to_have_count(0)


def test_leaving_the_page_and_pasting_are_told_on_the_result(ada: Visit) -> None:
    expect(ada.page.get_by_role("button", name="All keys")).to_be_visible()
    ada.page.evaluate("() => { dispatchEvent(new Event('blur')) }")
    ada.page.wait_for_function(
        "started => performance.now() - started > 1100", arg=ada.page.evaluate("performance.now()")
    )
    with ada.page.expect_response("**/signals"):
        ada.page.evaluate("() => { dispatchEvent(new Event('focus')) }")
    with ada.page.expect_response("**/signals"):
        ada.page.locator("#place-heading").dispatch_event("paste", {"bubbles": True})
    ada.save("All questions", then=LAST)
    ada.page.get_by_role("button", name="Finish and see my result").click()
    expect(ada.page.get_by_text("You left the page 1 time and pasted 1 time while you took it.")).to_be_visible()


def test_a_question_after_the_first_is_light_and_moves_nothing(ada: Visit) -> None:
    ada.page.evaluate(
        """() => {
            window.shifted = 0;
            new PerformanceObserver((list) => {
                for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifted += shift.value;
            }).observe({ type: "layout-shift" });
        }"""
    )
    sizes: list[int] = []
    ada.page.on("response", lambda response: sizes.append(response.request.sizes()["responseBodySize"]))
    ada.answer()
    expect_saved(ada)
    ada.save(then="Question 2 of 4")
    assert 0 < sum(sizes) < 15_000
    assert ada.page.evaluate("window.shifted") == 0
