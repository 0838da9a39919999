"""A person without a mouse signs in, takes a short quiz and finishes it; they always see where they are."""

from playwright.sync_api import Locator, TimeoutError, expect

from tests.conftest import PASSWORD
from tests.journeys.conftest import Arrive
from tests.journeys.site import Site
from tests.journeys.visit import LAST, Visit

MOST_TABS = 60
SAVING = ("Enter", "", "Enter", "Enter", "Control+Enter", "Control+Enter", "", "Control+Enter")
"""How each of the eight is saved; the empty text is the button."""
IS_SEEN = """() => {
    const focused = document.activeElement;
    const isOutlined = part => part && getComputedStyle(part).outlineStyle !== "none";
    const whole = focused.closest("label") ?? focused;
    const box = focused.getClientRects()[0];
    const isOnTop = share => whole.contains(
        document.elementFromPoint(box.x + box.width / 2, box.y + box.height * share));
    return (isOutlined(focused) || isOutlined(focused.nextElementSibling)) && isOnTop(0.1) && isOnTop(0.9);
}"""

IS_BEFORE_FOCUS = """part => {
    const focused = document.activeElement;
    return focused !== document.body && part.compareDocumentPosition(focused) & Node.DOCUMENT_POSITION_FOLLOWING;
}"""


def test_a_quiz_of_all_types_can_be_taken_with_the_keyboard_alone(site: Site, arrive: Arrive) -> None:
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

    for number, save in enumerate(SAVING, start=1):
        kim.expect_heading(f"Question {number} of 8")
        if number > 1:
            expect(kim.page.get_by_role("heading", level=1)).to_be_focused()
        answer(kim)
        if save:
            kim.page.keyboard.press(save)
        else:
            press(kim, kim.page.get_by_role("button", name="Save and go on"))
    kim.expect_heading(LAST)
    expect(kim.page.get_by_role("heading", level=1)).to_be_focused()
    press(kim, kim.page.get_by_role("button", name="Finish and see my result"))
    expect(kim.page.get_by_text("8 of 8 questions right.")).to_be_visible()
    explained = kim.page.get_by_role("region", name="Every question, explained").get_by_role("group").first
    press(kim, explained.locator("summary"))
    expect(explained.get_by_role("link").first).to_be_visible()


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
    kim.expect_heading("Question 1 of 8")


def test_going_backwards_never_hides_the_focus_behind_the_clock(site: Site, arrive: Arrive) -> None:
    learner_id, email = site.add_person("Kim")
    site.start(site.longest_items(), learner_id=learner_id)
    kim = arrive(viewport={"width": 360, "height": 640})
    kim.sign_in(email)
    kim.follow("Go on")
    kim.save(then="Question 2 of 8")
    tab_to(kim, kim.page.get_by_role("button", name="All questions"))
    tab_to(kim, kim.choices().first, key="Shift+Tab")


def answer(visit: Visit) -> None:
    """Answer rightly with keys alone, each type as people would."""
    item = visit.shown_item()
    sent = visit.answer_to(item, rightly=True)
    ways = {"single": choose_by_number, "multiple": choose_by_space, "order": put_in_order}
    ways.get(item.body.name, fill)(visit, sent)


def choose_by_number(visit: Visit, sent: list[str]) -> None:
    """Press the number of the choice."""
    (place,) = visit.places_of(sent)
    expect(visit.page.get_by_role("button", name="Turn keys off")).to_be_visible()  # the script is there
    visit.page.keyboard.press(str(place + 1))
    expect(visit.choices().nth(place)).to_be_focused()
    expect_visible_focus(visit)
    expect(visit.choices().nth(place)).to_be_checked()


def choose_by_space(visit: Visit, sent: list[str]) -> None:
    """Tab to each choice and press Space."""
    for place in sorted(visit.places_of(sent)):
        tab_to(visit, visit.choices().nth(place))
        visit.page.keyboard.press("Space")
        expect(visit.choices().nth(place)).to_be_checked()


def put_in_order(visit: Visit, sent: list[str]) -> None:
    """Tab to the buttons of the lines; each keeps the focus while its line moves."""
    wanted = [value.partition(":")[0] for value in sent]
    for token in visit.line_tokens():
        if token not in wanted:
            press_at(visit, token, "Leave out")
    for place, token in enumerate(wanted):
        for _ in range(visit.line_tokens().index(token) - place):
            press_at(visit, token, "Move up")
    assert visit.line_tokens()[: len(wanted)] == wanted


def press_at(visit: Visit, token: str, name: str) -> None:
    """Go to a line's button, unless it has the focus still, and press it."""
    line = visit.lines().filter(has=visit.page.locator(f"#line-{token}"))
    button = line.get_by_role("button").and_(visit.page.get_by_text(name, exact=True))
    if not button.evaluate("button => button === document.activeElement"):
        tab_to(visit, button, key="Shift+Tab" if button.evaluate(IS_BEFORE_FOCUS) else "Tab")
    visit.page.keyboard.press("Enter")
    expect_visible_focus(visit)
    expect(line.locator(":focus")).to_be_visible()


def fill(visit: Visit, sent: list[str]) -> None:
    """Tab to each box or list; type, or go down to the option."""
    for control, value in zip(visit.page.locator("[name=answer]").all(), sent, strict=True):
        tab_to(visit, control)
        if control.evaluate("control => control.matches('select')"):
            options = control.locator("option").evaluate_all("options => options.map(option => option.value)")
            for _ in range(options.index(value)):
                visit.page.keyboard.press("ArrowDown")
        else:
            visit.page.keyboard.type(value)
        expect(control).to_have_value(value)


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
