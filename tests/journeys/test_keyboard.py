"""A person without a mouse signs in, takes a short quiz and finishes it; they always see where they are."""

from playwright.sync_api import Locator, TimeoutError, expect

from tests.conftest import PASSWORD
from tests.journeys.conftest import Arrive
from tests.journeys.site import Site
from tests.journeys.visit import LAST, Visit
from tracker.assessment.item_types import MultipleResponse

MOST_TABS = 40
IS_SEEN = """() => {
    const focused = document.activeElement;
    const isOutlined = part => part && getComputedStyle(part).outlineStyle !== "none";
    const whole = focused.closest("label") ?? focused;
    const box = focused.getClientRects()[0];
    const isOnTop = share => whole.contains(
        document.elementFromPoint(box.x + box.width / 2, box.y + box.height * share));
    return (isOutlined(focused) || isOutlined(focused.nextElementSibling)) && isOnTop(0.1) && isOnTop(0.9);
}"""


def test_a_quiz_can_be_taken_with_the_keyboard_alone(site: Site, arrive: Arrive) -> None:
    learner_id, email = site.add_person("Kim")
    site.start(site.longest_items(), learner_id=learner_id)
    kim = arrive()
    kim.page.goto("/")
    kim.page.keyboard.press("Tab")
    expect(kim.page.get_by_role("link", name="Skip to the content")).to_be_focused()
    press(kim, kim.page.get_by_role("navigation").get_by_role("link", name="Sign in"))
    tab_to(kim, kim.page.get_by_label("Email address"))
    kim.page.keyboard.type(email)
    tab_to(kim, kim.page.get_by_label("Password"))
    kim.page.keyboard.type(PASSWORD)
    kim.page.keyboard.press("Enter")
    press(kim, kim.page.get_by_role("link", name="Go on"))

    for number in range(1, 5):
        kim.expect_heading(f"Question {number} of 4")
        if number > 1:
            expect(kim.page.get_by_role("heading", level=1)).to_be_focused()
        answer(kim)
        if number % 2:
            kim.page.keyboard.press("Enter")
        else:
            press(kim, kim.page.get_by_role("button", name="Save and go on"))
    kim.expect_heading(LAST)
    expect(kim.page.get_by_role("heading", level=1)).to_be_focused()
    press(kim, kim.page.get_by_role("button", name="Finish and see my result"))
    expect(kim.page.get_by_text("4 of 4 questions right.")).to_be_visible()
    press(kim, kim.page.get_by_role("group").first.locator("summary"))
    expect(kim.page.get_by_role("group").first.get_by_role("link")).to_be_visible()


def test_number_keys_can_be_turned_off_and_stay_off(site: Site, arrive: Arrive) -> None:
    learner_id, email = site.add_person("Kim")
    site.start(site.longest_items(), learner_id=learner_id)
    kim = arrive()
    kim.sign_in(email)
    kim.follow("Go on")
    kim.page.get_by_role("button", name="Turn keys off").click()
    kim.page.reload()
    expect(kim.page.get_by_role("button", name="Turn keys on")).to_be_visible()
    kim.page.get_by_role("heading", level=1).click()
    kim.page.keyboard.press("1")
    kim.page.keyboard.press("Enter")
    expect(kim.choices().first).not_to_be_checked()
    kim.expect_heading("Question 1 of 4")


def test_going_backwards_never_hides_the_focus_behind_the_clock(site: Site, arrive: Arrive) -> None:
    learner_id, email = site.add_person("Kim")
    site.start(site.longest_items(), learner_id=learner_id)
    kim = arrive(viewport={"width": 360, "height": 640})
    kim.sign_in(email)
    kim.follow("Go on")
    kim.save(then="Question 2 of 4")
    tab_to(kim, kim.page.get_by_role("button", name="All questions"))
    tab_to(kim, kim.choices().first, key="Shift+Tab")


def answer(visit: Visit) -> None:
    """Answer rightly: a number key for a single choice, Tab and Space for several, Tab and typing else."""
    item = visit.shown_item()
    sent = visit.answer_to(item, rightly=True)
    if not item.body.options:
        tab_to(visit, visit.page.get_by_role("textbox"))
        visit.page.keyboard.type(sent[0])
        return
    for place in sorted(visit.places_of(sent)):
        choice = visit.choices().nth(place)
        if isinstance(item.body, MultipleResponse):
            tab_to(visit, choice)
            visit.page.keyboard.press("Space")
        else:
            visit.page.keyboard.press(str(place + 1))
            expect(choice).to_be_focused()
            expect_visible_focus(visit)
        expect(choice).to_be_checked()


def press(visit: Visit, target: Locator) -> None:
    """Tab to a link or button, and press Enter."""
    tab_to(visit, target)
    visit.page.keyboard.press("Enter")


def tab_to(visit: Visit, target: Locator, *, key: str = "Tab") -> None:
    """Press Tab until the target has the focus, and see at every stop where that is."""
    expect(target).to_be_visible()
    for _ in range(MOST_TABS):
        visit.page.keyboard.press(key)
        expect_visible_focus(visit)
        if target.evaluate("target => target === document.activeElement"):
            return
    raise AssertionError(f"{target} cannot be reached with {key}")


def expect_visible_focus(visit: Visit) -> None:
    """The focus is drawn, on the screen, and nothing covers what has it."""
    try:
        visit.page.wait_for_function(IS_SEEN)
    except TimeoutError:
        focused = visit.page.locator(":focus").evaluate("part => part.outerHTML")
        raise AssertionError(f"The focus cannot be seen: {focused}") from None
