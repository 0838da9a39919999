"""A person reads as they like to: text size, contrast and colours, kept by their browser; else as their device says."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Arrive
from tests.journeys.layout_shift import find_shifts, watch_shifts
from tests.journeys.looks import find_barriers

FIRST_FRAME = "requestAnimationFrame(() => { window.firstFrame = document.documentElement.cloneNode().outerHTML; });"
COLOUR = "name => getComputedStyle(document.body).getPropertyValue(name)"
INK_SOFT = "getComputedStyle(document.querySelector('.site-footer')).color"
MOVING = "[...document.querySelectorAll('*')].filter(one => getComputedStyle(one).transitionDuration !== '0s').length"
TEXT_SIZE = "parseFloat(getComputedStyle(document.documentElement).fontSize)"


def choose(page: Page, group: str, choice: str) -> None:
    """Choose in one of the groups of the footer."""
    page.get_by_role("group", name=group).get_by_role("radio", name=choice, exact=True).check()


def test_what_was_chosen_holds_from_the_first_frame_of_every_page_and_moves_nothing(arrive: Arrive) -> None:
    ada = arrive()
    ada.page.goto("/")
    choose(ada.page, "Text", "Largest")
    choose(ada.page, "Contrast", "More")
    choose(ada.page, "Colours", "Dark")

    ada.page.add_init_script(FIRST_FRAME)
    watch_shifts(ada.page)
    ada.page.goto("/sign-up")

    ada.page.wait_for_function("window.firstFrame")
    for attribute in ('data-text="largest"', 'data-contrast="more"', 'data-bs-theme="dark"'):
        assert attribute in ada.page.evaluate("firstFrame")
    assert ada.page.evaluate(TEXT_SIZE) == 24
    for group, choice in (("Text", "Largest"), ("Contrast", "More"), ("Colours", "Dark")):
        chosen = ada.page.get_by_role("group", name=group).get_by_role("radio", name=choice, exact=True)
        expect(chosen).to_be_checked()
    assert find_shifts(ada.page) == []


def test_a_choice_is_taken_back_by_keyboard(arrive: Arrive) -> None:
    ada = arrive()
    ada.page.goto("/")
    choose(ada.page, "Text", "Larger")
    assert ada.page.evaluate(TEXT_SIZE) == 20

    ada.page.keyboard.press("ArrowLeft")

    expect(ada.page.get_by_role("radio", name="Normal")).to_be_focused()
    assert ada.page.evaluate(TEXT_SIZE) == 16
    ada.page.reload()
    assert ada.page.evaluate(TEXT_SIZE) == 16


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_more_contrast_is_the_same_whether_the_reader_or_the_device_asks_for_it(arrive: Arrive, scheme: str) -> None:
    asked, chosen = arrive(contrast="more", color_scheme=scheme), arrive(color_scheme=scheme)
    for visit in (asked, chosen):
        visit.page.goto("/")
    usual = chosen.page.evaluate(INK_SOFT)

    choose(chosen.page, "Contrast", "More")

    assert chosen.page.evaluate(INK_SOFT) != usual
    for name in ("--paper", "--surface", "--ink", "--ink-soft", "--rule", "--edge", "--accent"):
        assert asked.page.evaluate(COLOUR, name) == chosen.page.evaluate(COLOUR, name)
    assert find_barriers(chosen.page) == []


def test_without_scripts_the_device_decides_and_nothing_is_offered_that_would_not_work(arrive: Arrive) -> None:
    ada = arrive(java_script_enabled=False, contrast="more", color_scheme="dark")
    ada.page.goto("/")
    expect(ada.page.get_by_role("contentinfo")).to_be_visible()
    expect(ada.page.get_by_role("radio")).to_have_count(0)
    expect(ada.page.get_by_role("contentinfo")).to_have_css("color", "rgb(255, 255, 255)")
    expect(ada.page.locator("body")).to_have_css("background-color", "rgb(0, 0, 0)")


def test_forced_colours_and_less_motion_are_left_to_the_device(arrive: Arrive) -> None:
    ada = arrive(forced_colors="active", reduced_motion="reduce")
    ada.page.goto("/")
    choose(ada.page, "Colours", "Dark")
    canvas = "getComputedStyle(document.body).getPropertyValue('--paper')"
    assert ada.page.evaluate(canvas) == "Canvas"
    moving = (
        "[...document.querySelectorAll('*')].filter(part => getComputedStyle(part).transitionDuration !== '0s').length"
    )
    assert ada.page.evaluate(moving) == 0
    assert ada.page.evaluate("document.getAnimations().length") == 0
    assert find_barriers(ada.page) == []
