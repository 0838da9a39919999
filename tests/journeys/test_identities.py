"""People sign in with a provider that really runs, and link their accounts there."""

from uuid import uuid4

from playwright.sync_api import expect

from tests.conftest import PASSWORD
from tests.journeys.conftest import Arrive
from tests.journeys.leading import expect_told
from tests.journeys.site import Site
from tests.journeys.visit import Visit
from tests.oidc_provider import RunningProvider

SIGN_IN = "Sign in with Example Ltd"


def sign_in_with_provider(visit: Visit, subject: str) -> None:
    """From the sign-in page to the provider, and back."""
    visit.site.forget_limits()
    visit.page.goto("/sign-in?next=/radar")
    visit.follow(SIGN_IN)
    visit.sign_in_elsewhere(subject)


def test_a_newcomer_signs_in_with_the_provider_and_finds_the_same_account_again(
    arrive: Arrive, provider: RunningProvider
) -> None:
    subject = uuid4().hex
    email = f"nell.{subject}@example.org"
    provider.knows(subject, email=email, email_verified=True, name="Nell")
    nell = arrive()

    sign_in_with_provider(nell, subject)
    nell.expect_heading("My radar")
    nell.follow("Account")
    nell.page.get_by_label("Name", exact=True).fill("Nell N.")
    nell.page.get_by_role("button", name="Save", exact=True).click()
    expect_told(nell, "Your profile is saved.")
    nell.page.get_by_role("button", name="Sign out").click()

    sign_in_with_provider(nell, subject)
    nell.expect_heading("My radar")
    nell.follow("Account")
    expect(nell.page.get_by_label("Name", exact=True)).to_have_value("Nell N.")
    expect(nell.page.get_by_text(email)).to_be_visible()
    expect(nell.page.get_by_label("Current password")).to_have_count(0)


def test_ada_links_her_account_elsewhere_signs_in_with_it_and_unlinks_it(
    site: Site, arrive: Arrive, provider: RunningProvider
) -> None:
    _, email = site.add_person("Ada")
    subject = uuid4().hex
    provider.knows(subject, email=email, email_verified=True)
    ada = arrive()

    sign_in_with_provider(ada, subject)
    ada.expect_heading("Sign in")
    expect_told(ada, "There is an account with your address")
    ada.sign_in(email)
    ada.follow("Account")
    ada.follow("link your account there")
    ada.follow("Link an account at Example Ltd")
    ada.sign_in_elsewhere(subject)
    ada.expect_heading("Link this account?")
    ada.page.get_by_label("Your password").fill(PASSWORD)
    ada.page.get_by_role("button", name="Yes, it is mine").click()
    expect_told(ada, "From now on you can sign in with Example Ltd.")
    ada.page.get_by_role("button", name="Sign out").click()

    sign_in_with_provider(ada, subject)
    ada.expect_heading("My radar")
    ada.page.goto("/account/identities")
    ada.page.get_by_role("button", name="Unlink").click()
    expect_told(ada, "does not sign you in any more")
    ada.page.get_by_role("button", name="Sign out").click()

    sign_in_with_provider(ada, subject)
    ada.expect_heading("Sign in")
