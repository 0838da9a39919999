"""A person takes a quiz of an area, from the front page to the result."""

import re

from playwright.sync_api import expect

from tests.journeys.conftest import Arrive
from tests.journeys.visit import LAST, Visit, plain, squeezed
from tracker.assessment.item import Item

RULES = ("Questions", "Time", "Covers", "Recorded", "At the end", "Who sees it", "Again")
SCORE = re.compile(r"\d+\s+\(\d+ to \d+\)\s+(Foundation|Developing|Proficient|Expert)")


def test_a_person_takes_a_quiz_in_two_sittings_and_sees_what_each_answer_was_worth(arrive: Arrive) -> None:
    morning = arrive(timezone_id="Europe/Berlin")
    morning.sign_up("Ada", "ada@taking.example")
    open_rules(morning)
    morning.page.get_by_role("button", name="Start the 15 minutes").click()
    items = [answer_and_save(morning, number, rightly=number != 3) for number in range(1, 7)]
    morning.answer()  # and goes without a press of a button
    expect(morning.page.get_by_role("status")).to_have_text("Saved")
    morning.context.close()

    evening = arrive(timezone_id="Europe/Berlin")
    evening.sign_in("ada@taking.example")
    expect(evening.page.get_by_text("Programming Language is open. 7 answers of 12 saved")).to_be_visible()
    evening.follow("Go on")
    items += [answer_and_save(evening, number) for number in range(7, 13)]

    expect(evening.page.get_by_role("main")).to_contain_text("Every question has an answer")
    evening.page.get_by_role("button", name=re.compile(r"^Question 3\b")).click()
    evening.expect_heading("Question 3 of 12")
    expect_answered(evening, items[2], rightly=False)
    evening.save("Back", then="Question 2 of 12")
    expect_answered(evening, items[1])
    evening.save(then="Question 3 of 12")
    evening.answer()
    evening.save("All questions", then=LAST)
    evening.page.get_by_role("button", name="Finish and see my result").click()

    expect_result(evening, items)


def test_the_quiz_works_without_javascript(arrive: Arrive) -> None:
    grace = arrive(java_script_enabled=False)
    grace.sign_up("Grace", "grace@taking.example")
    open_rules(grace)
    grace.page.get_by_role("button", name="Start the 15 minutes").click()
    items = [answer_and_save(grace, number, is_scripted=False) for number in range(1, 13)]
    grace.page.get_by_role("button", name=re.compile(r"^Question 12\b")).click()
    grace.expect_heading("Question 12 of 12")
    expect_answered(grace, items[-1])
    grace.save("Back", then="Question 11 of 12")
    expect_answered(grace, items[-2])
    grace.save("All questions", then=LAST)
    grace.page.get_by_role("button", name="Finish and see my result").click()

    expect_result(grace, items)


def open_rules(visit: Visit) -> None:
    """Go from home to the page before the quiz, and read it."""
    visit.follow("Assessments")
    visit.follow("Programming Language")
    visit.expect_heading("Programming Language")
    assert visit.page.get_by_role("term").all_inner_texts() == list(RULES)
    expect(visit.page.get_by_role("main")).to_contain_text("15 minutes, by our clock")


def answer_and_save(visit: Visit, number: int, *, rightly: bool = True, is_scripted: bool = True) -> Item:
    """Answer the item with this number by mouse or, every other one, by keys."""
    visit.expect_heading(f"Question {number} of 12")
    item = visit.answer(rightly=rightly, by_keys=is_scripted and number % 2 == 0)
    if is_scripted:
        expect(visit.page.get_by_role("status")).to_have_text("Saved")
    visit.save(then=LAST if number == 12 else f"Question {number + 1} of 12")
    if is_scripted:
        expect(visit.page.get_by_role("status")).to_have_text("Saved")
    return item


def expect_answered(visit: Visit, item: Item, *, rightly: bool = True) -> None:
    """Find the answer given before on the item's page."""
    sent = visit.answer_to(item, rightly=rightly)
    if not visit.choices().count():
        kept = visit.page.locator("[name=answer]").evaluate_all("controls => controls.map(control => control.value)")
        assert [value for value in kept if value] == sent
        return
    places = visit.places_of(sent)
    for place in range(visit.choices().count()):
        expect(visit.choices().nth(place)).to_be_checked(checked=place in places)


def expect_result(visit: Visit, items: list[Item]) -> None:
    """Find a result of all right answers, each item with its key, its notes and its source."""
    expect(visit.page.get_by_text("12 of 12 questions right.")).to_be_visible()
    expect(visit.page.get_by_role("region", name="Your scores after it")).to_contain_text(SCORE)
    explained = visit.page.get_by_role("region", name="Every question, explained").get_by_role("group")
    expect(explained).to_have_count(len(items))
    for place, item in enumerate(items):
        one = explained.nth(place)
        one.locator("summary").click()
        expect(one.locator("summary")).to_contain_text("right")
        expect(one.get_by_text("Right", exact=True).first).to_be_visible()
        expect(one.get_by_role("link", name=item.source.title)).to_have_attribute("href", item.source.url)
        words = squeezed(one.text_content())
        for reason in [item.explanation, *(option.note for option in item.body.options if item.body.name != "match")]:
            assert plain(reason) in words
