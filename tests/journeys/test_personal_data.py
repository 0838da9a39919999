"""A member takes all their data away and is erased; their lead's page shows one fewer at the next request."""

import io
import json
from zipfile import ZipFile

from playwright.sync_api import expect

from tests.conftest import PASSWORD
from tests.journeys.conftest import Arrive
from tests.journeys.site import Site


def test_a_member_takes_their_data_away_and_is_erased(site: Site, arrive: Arrive) -> None:
    (ada_id, ada_email), (ben_id, _), (lena_id, lena_email) = (site.add_person(name) for name in ("Ada", "Ben", "Lena"))
    attempt_id = site.take("databases", learner_id=ada_id, days_ago=1, wrong_every=3)
    cohort = f"/cohorts/{site.add_cohort('Backend guild', lead_id=lena_id, member_ids=[ada_id, ben_id])}"
    lena, ada = arrive(), arrive()
    lena.sign_in(lena_email)
    lena.page.goto(f"{cohort}/people")
    expect(lena.page.get_by_role("link", name="Ada", exact=True)).to_have_count(1)
    ada.sign_in(ada_email)

    ada.page.goto("/account")
    ada.follow("your data")
    with ada.page.expect_download() as download:
        ada.page.get_by_role("link", name="Download your data").click()
    archive = ZipFile(io.BytesIO(download.value.path().read_bytes()))
    assert [one["id"] for one in json.loads(archive.read("attempts.json"))] == [attempt_id]

    ada.page.get_by_label("Type your address").fill(ada_email)
    ada.page.get_by_label("Password").fill(PASSWORD)
    ada.page.get_by_role("button", name="Erase my account").click()
    expect(ada.page.get_by_text("Your account is erased")).to_be_visible()

    lena.page.reload()
    expect(lena.page.get_by_role("link", name="Ada", exact=True)).to_have_count(0)
    expect(lena.page.get_by_role("link", name="Ben", exact=True)).to_have_count(1)
    ada.page.goto("/sign-in")
    ada.expected_complaints = ["401"]
    ada.fill_sign_in(ada_email)
    expect(ada.page.get_by_text("do not belong together")).to_be_visible()
