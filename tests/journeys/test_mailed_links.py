"""People sign up, forget their passwords and show their addresses by links in mails that really travel."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import PASSWORD, NewDatabase
from tests.journeys.conftest import PATIENCE_MS, Arrive
from tests.journeys.leading import expect_told, look_until
from tests.journeys.site import Site, served
from tests.journeys.visit import Visit
from tests.launcher import eventually
from tests.mail_server import Mailbox, a_mail_server

EMAIL = "ada@mailed.example"
NEW_PASSWORD = "a staple of another kind"
LINK = re.compile(r"^https?://\S+$", re.MULTILINE)
SENT_SECONDS = 30
SHOW = "Show that this address is yours"


@pytest.fixture(scope="module")
def mailbox() -> Mailbox:
    """What the mail server took."""
    return Mailbox()


@pytest.fixture(scope="module")
def mailing_site(
    tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase, mailbox: Mailbox
) -> Iterator[Site]:
    """The app, really served, with a mail server."""
    with a_mail_server(mailbox) as port:
        settings = {"TRACKER_SMTP_URL": f"smtp://127.0.0.1:{port}", **new_database()}
        with served(tmp_path_factory.mktemp("mailing"), **settings) as site:
            yield site


@pytest.fixture
def ada(mailing_site: Site, chromium: Browser) -> Iterator[Visit]:
    """Ada at that site; in the end her browser may not have complained."""
    context = chromium.new_context(base_url=mailing_site.address)
    context.set_default_timeout(PATIENCE_MS)
    visit = Visit(mailing_site, context)
    yield visit
    context.close()
    assert visit.unexpected_complaints == []


def next_link(mailbox: Mailbox, *, known: int) -> str:
    """The first link in the mail that comes after those that are known."""
    assert eventually(lambda: len(mailbox.messages) > known, seconds=SENT_SECONDS), "No mail came"
    found = LINK.search(mailbox.messages[known].get_content())
    assert found
    return found[0]


def test_a_newcomer_signs_up_and_sets_a_forgotten_password_by_links_in_mails(ada: Visit, mailbox: Mailbox) -> None:
    page = ada.page
    page.goto("/radar")
    ada.follow("Make an account")
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_role("button", name="Make my account").click()
    ada.expect_heading("Look at your mail")

    page.goto(next_link(mailbox, known=0))
    ada.expect_heading("Begin your account")
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    ada.expect_heading("My radar")
    ada.follow("Account")
    ada.expect_heading("Your account")
    expect(page.get_by_role("link", name=SHOW)).to_have_count(0)
    page.get_by_role("button", name="Sign out").click()

    page.goto("/sign-in")
    ada.follow("Forgot your password?")
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_role("button", name="Ask for the link").click()
    ada.expect_heading("Look at your mail")
    link = next_link(mailbox, known=1)
    page.goto(link)
    page.get_by_label("New password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Set this password").click()
    ada.expect_heading("Sign in")
    expect(page.get_by_label("Email address")).to_have_value(EMAIL)
    ada.fill_sign_in(EMAIL, NEW_PASSWORD)
    ada.expect_heading("Hello Ada")

    ada.expected_complaints.append("status of 404")
    page.goto(link)
    expect(page.get_by_text("This link does not work any more.")).to_be_visible()
    assert mailbox.recipients == [EMAIL, EMAIL]


def test_where_no_mail_leaves_the_machine_an_admin_passes_the_links_on(site: Site, arrive: Arrive) -> None:
    site.forget_limits()
    _, email = site.add_person("Ada")
    _, email_of_admin = site.add_person("Adam")
    site.make_admin(email_of_admin)
    ada, adam = arrive(), arrive()
    ada.sign_in(email)
    ada.follow("Account")
    ada.follow(SHOW)
    ada.page.get_by_role("button", name="Send me the link").click()
    expect_told(ada, "Ask whoever runs Skillmark here")

    adam.sign_in(email_of_admin)
    adam.page.goto("/admin/mails")
    row = adam.page.get_by_role("listitem").filter(has_text=email)
    look_until(adam, row.get_by_text("written to a file"))
    with adam.page.expect_navigation():
        row.get_by_role("link", name="Is this your address?").click()
    found = LINK.search(adam.page.locator(".reported").inner_text())
    assert found

    ada.page.goto(found[0])
    ada.page.get_by_role("button", name="Yes, it is mine").click()
    expect_told(ada, "Thank you")
    expect(ada.page.get_by_role("link", name=SHOW)).to_have_count(0)
