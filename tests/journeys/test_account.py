"""A person finds their account as they left it, and changes it."""

from playwright.sync_api import expect

from tests.conftest import PASSWORD
from tests.journeys.conftest import Arrive

NEW_PASSWORD = "a staple of another kind"


def test_a_newcomer_has_their_own_time_zone_and_changes_name_and_password(arrive: Arrive) -> None:
    ada = arrive(timezone_id="Asia/Tokyo")
    ada.sign_up("Ada", "ada@account.example")
    ada.follow("Account")
    expect(ada.page.get_by_role("combobox", name="Time zone")).to_have_value("Asia/Tokyo")
    ada.page.get_by_label("Name", exact=True).fill("Ada L.")
    ada.page.get_by_role("button", name="Save", exact=True).click()
    expect(ada.page.get_by_role("status")).to_have_text("Your profile is saved.")
    ada.page.get_by_label("Current password").fill(PASSWORD)
    ada.page.get_by_label("New password").fill(NEW_PASSWORD)
    ada.page.get_by_role("button", name="Change password").click()
    expect(ada.page.get_by_role("status")).to_contain_text("Your password is changed.")

    ada.page.get_by_role("button", name="Sign out").click()
    ada.expected_complaints.append("status of 401")
    ada.page.goto("/radar")
    ada.fill_sign_in("ada@account.example")
    expect(ada.page.get_by_text("This address and password do not belong together.")).to_be_visible()
    ada.fill_sign_in("ada@account.example", NEW_PASSWORD)
    ada.expect_heading("My radar")
    ada.follow("Home")
    ada.expect_heading("Hello Ada L.")
