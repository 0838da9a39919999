"""A lead assigns a quiz to Ada; she takes it, sees her scores at once, and the answers after the deadline."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.journeys.conftest import Arrive
from tests.journeys.looks import find_barriers
from tests.journeys.site import Site

IN_TWO_DAYS = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}T18:00"


def test_what_a_lead_assigns_is_taken_and_explained_after_its_deadline(site: Site, arrive: Arrive) -> None:
    lena_id, lena_email = site.add_person("Lena")
    ada_id, ada_email = site.add_person("Ada")
    ben_id, ben_email = site.add_person("Ben")
    cohort_id = site.add_cohort("Backend guild", lead_id=lena_id, member_ids=[ada_id, ben_id])

    lena = arrive()
    lena.sign_in(lena_email)
    lena.page.goto(f"/cohorts/{cohort_id}")
    lena.page.get_by_role("navigation", name="Backend guild").get_by_role("link", name="Assignments").click()
    lena.page.get_by_label("What to take").select_option("tools")
    lena.page.get_by_label("Those ticked here").check()
    lena.page.get_by_text("2 members").click()
    lena.page.get_by_label("Ada").check()
    lena.page.get_by_label("Deadline").fill(IN_TWO_DAYS)
    lena.page.get_by_label("Extra minutes").fill("10")
    lena.page.get_by_label("Answers are shown").select_option("after the deadline")
    lena.page.get_by_role("button", name="Preview").click()
    lena.expect_heading("Assign Essential Tools?")
    expect(lena.page.get_by_text("1 of 2 members: Ada.")).to_be_visible()
    assert find_barriers(lena.page) == []
    lena.page.get_by_role("button", name="Assign it").click()
    lena.expect_heading("Essential Tools")
    how_far = lena.page.get_by_role("region", name="How far everybody is")
    expect(how_far.get_by_role("row", name="Ada")).to_contain_text("Not opened")
    assignment = lena.page.url
    expect(lena.page.get_by_role("definition").filter(has_text="18:00")).to_be_visible()

    ben = arrive()
    ben.sign_in(ben_email)
    expect(ben.page.get_by_role("region", name="Assigned to you")).to_have_count(0)

    ada = arrive()
    ada.sign_in(ada_email)
    assigned = ada.page.get_by_role("region", name="Assigned to you")
    expect(assigned).to_contain_text("1 attempt left")
    assigned.get_by_role("link", name="Essential Tools").click()
    ada.expect_heading("Essential Tools")
    expect(ada.page.get_by_role("definition").filter(has_text="shown after the deadline")).to_be_visible()
    ada.page.get_by_role("button", name="Start the 25 minutes").click()
    ada.expect_ready()
    for number in range(1, 12):
        ada.answer(rightly=False)
        ada.save(then=f"Question {number + 1} of 12")
    ada.answer(rightly=False)
    ada.save(then="Your answers")
    ada.page.get_by_role("button", name="Finish").first.click()
    ada.page.wait_for_url("**/result")

    ada.expect_heading("Essential Tools")
    expect(ada.page.get_by_role("heading", name="Your scores after it")).to_be_visible()
    expect(ada.page.get_by_text("is shown here after the deadline of the assignment")).to_be_visible()
    assert ada.page.locator("details.reviewed").count() == 0
    result = ada.page.url

    lena.page.goto(assignment)
    expect(how_far.get_by_role("row", name="Ada")).to_contain_text("Finished")
    expect(how_far.get_by_role("row", name="Ada")).to_contain_text("1 of 1")

    site.pass_deadline(result.split("/")[-2])
    ada.page.reload()
    expect(ada.page.locator("details.reviewed")).to_have_count(12)
    expect(ada.page.get_by_text("0 of 12 questions right")).to_be_visible()

    ada.follow("Home")
    expect(ada.page.get_by_role("region", name="Assigned to you")).to_contain_text("Finished.")
