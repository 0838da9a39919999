"""What a lead does on the pages of a cohort, and how people join it."""

import re
import time
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, expect

from tests.journeys.visit import Visit

CONSENT = re.compile("^I agree")
INVITATION = re.compile(r"https?://\S+/invitations/\S+")
MADE_SECONDS = 60


def open_tab(lead: Visit, name: str) -> None:
    """Open one of the places of the cohort whose page is open."""
    tab = lead.page.locator("nav.tabs").get_by_role("link", name=name, exact=True)
    tab.click()
    expect(tab).to_have_attribute("aria-current", "page")


def make_cohort(lead: Visit, name: str) -> None:
    """Make a cohort."""
    lead.follow("Cohorts")
    lead.page.get_by_label("Name").fill(name)
    lead.page.get_by_role("button", name="Make it").click()
    lead.expect_heading(name)


def see_answers(lead: Visit) -> None:
    """Set that leads see scores and answers."""
    open_tab(lead, "Settings")
    lead.page.get_by_role("radio", name="Scores and answers").check()
    lead.page.get_by_role("button", name="Save").click()
    expect_told(lead, "Saved.")


def take_target(lead: Visit, template: str) -> None:
    """Want what a template wants."""
    open_tab(lead, "Targets")
    lead.page.get_by_role("button", name=f"Take it to aim at {template}", exact=True).click()
    expect_told(lead, f"The targets are those of “{template}” now.")


def invite_by_link(lead: Visit, *, most_uses: int) -> str:
    """Make a link for so many people. Gives it."""
    open_tab(lead, "People")
    lead.page.get_by_label("For how many people").fill(str(most_uses))
    lead.page.get_by_role("button", name="Make an invitation link").click()
    return lead.page.get_by_label("Your invitation link").input_value()


def invite_by_mail(lead: Visit, addresses: list[str]) -> list[str]:
    """Invite these addresses, and wait until their mails are written. Gives the links in them, in the same order."""
    open_tab(lead, "People")
    lead.page.get_by_label("Addresses").fill("\n".join(addresses))
    lead.page.get_by_role("button", name="Invite them").click()
    expect_told(lead, f"{len(addresses)} ")
    open_tab(lead, "Mails")
    return [_link_to(lead, address) for address in addresses]


def join(person: Visit, cohort: str) -> None:
    """Agree to what the open invitation says, and join."""
    person.page.get_by_role("checkbox", name=CONSENT).check()
    person.page.get_by_role("button", name=f"Join {cohort}").click()
    expect_told(person, f"You are in {cohort}.")


def sign_up_at(person: Visit, link: str, *, name: str, email: str, cohort: str) -> None:
    """Follow an invitation, and make an account on the way; then it is asked again."""
    person.page.goto(link)
    person.expect_heading(f"You are invited to {cohort}")
    person.follow("Make an account")
    person.sign_up_here(name, email)
    person.expect_heading(f"You are invited to {cohort}")


def assign_to_all(lead: Visit, assessment_slug: str, *, name: str) -> None:
    """Assign an assessment to everybody for two days, after its preview."""
    open_tab(lead, "Assignments")
    lead.page.get_by_label("What to take").select_option(assessment_slug)
    lead.page.get_by_label("Deadline").fill(f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}T18:00")
    lead.page.get_by_role("button", name="Preview").click()
    lead.expect_heading(f"Assign {name}?")
    lead.page.get_by_role("button", name="Assign it").click()
    expect_told(lead, "It is assigned.")


def expect_told(visit: Visit, sentence: str) -> None:
    """Wait until the page says what just happened."""
    expect(visit.page.get_by_role("status")).to_contain_text(sentence)


def look_until(visit: Visit, wanted: Locator) -> None:
    """Reload the page until this is on it: what is made beside the web server."""
    deadline = time.monotonic() + MADE_SECONDS
    while not wanted.count():
        assert time.monotonic() < deadline, f"It was not made: {wanted}"
        visit.page.reload()


def _link_to(lead: Visit, address: str) -> str:
    """The link in the mail to this address; the page of mails is open."""
    mail = lead.page.get_by_role("listitem").filter(has_text=address)
    look_until(lead, mail.get_by_text("The text"))
    mail.get_by_text("The text").click()
    found = INVITATION.search(mail.locator(".reported").inner_text())
    assert found
    return found[0]
