"""A person sets up a second factor, signs in with it in other browsers, and ends those."""

import re
from datetime import timedelta

from playwright.sync_api import expect
from pyotp import TOTP

from tests.conftest import PASSWORD
from tests.journeys.conftest import Arrive
from tests.journeys.visit import Visit
from tracker import clock

STEP = timedelta(seconds=30)


def give_code(visit: Visit, email: str, code: str) -> None:
    """Sign in with the password and this code."""
    visit.site.forget_limits()
    visit.page.goto("/sign-in")
    visit.fill_sign_in(email)
    visit.expect_heading("Your code")
    visit.page.get_by_role("textbox", name="Code").fill(code)
    visit.page.get_by_role("button", name="Sign in").click()


def test_an_app_and_recovery_codes_sign_in_and_the_sessions_page_ends_the_other_browsers(arrive: Arrive) -> None:
    ada = arrive()
    email = "ada@second-factor.example"
    ada.sign_up("Ada", email)
    ada.follow("Account")
    ada.follow("second factor")
    ada.page.get_by_role("button", name="Set it up").click()
    expect(ada.page.get_by_role("img", name="QR code")).to_be_visible()
    app = TOTP(re.sub(r"\s", "", ada.page.locator(".key").inner_text()))
    ada.page.get_by_label("Password").fill(PASSWORD)
    ada.page.get_by_role("textbox", name="Code").fill(app.at(clock.now() - STEP))
    ada.page.get_by_role("button", name="Switch it on").click()
    ada.expect_heading("Recovery codes")
    codes = ada.page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    ada.follow("I have kept them")
    expect(ada.page.get_by_text("You have 10 recovery codes left.")).to_be_visible()

    ada.page.get_by_role("button", name="Sign out").click()
    give_code(ada, email, app.now())
    ada.expect_heading("Hello Ada")

    phone = arrive()
    phone.expected_complaints.append("status of 401")
    give_code(phone, email, codes[0].lower())
    phone.expect_heading("Hello Ada")
    phone.page.get_by_role("button", name="Sign out").click()
    give_code(phone, email, codes[0])
    expect(phone.page.get_by_text("This code is not right")).to_be_visible()
    phone.page.get_by_role("textbox", name="Code").fill(codes[1])
    phone.page.get_by_role("button", name="Sign in").click()
    phone.expect_heading("Hello Ada")

    ada.follow("Account")
    ada.follow("where you are signed in")
    expect(ada.page.get_by_text("(this browser)")).to_have_count(1)
    ada.page.get_by_role("button", name=re.compile("^Sign out .*Chrome")).click()
    expect(ada.page.get_by_role("status")).to_have_text("That browser is signed out.")
    phone.page.goto("/account")
    phone.expect_heading("Sign in")
