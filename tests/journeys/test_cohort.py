"""A lead invites by link and reads the cohort's results; a member sees what the lead sees, and can leave."""

import csv
import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Arrive
from tests.journeys.site import Site
from tests.journeys.visit import Visit, squeezed

COHORT = "Backend guild"
CELL = re.compile(r"(\d+) (Foundation|Developing|Proficient|Expert) (\d+) to (\d+)")
IN_TABLE = re.compile(r"(\d+) \((\d+) to (\d+)\) (\w+)")
NOT_FOUND = "status of 404"


@pytest.fixture
def ada(site: Site, arrive: Arrive) -> Visit:
    """Ada, who has taken the placement."""
    learner_id, email = site.add_person("Ada")
    site.take("placement", learner_id=learner_id, days_ago=1, wrong_every=3)
    visit = arrive()
    visit.sign_in(email)
    return visit


def test_a_lead_invites_a_learner_reads_their_results_and_sees_nothing_once_they_left(
    site: Site, arrive: Arrive, ada: Visit
) -> None:
    lena = arrive()
    lena.sign_up("Lena", "lena@cohort.example")
    link = make_cohort(lena)

    ada.page.goto(link)
    ada.expect_heading(f"You are invited to {COHORT}")
    assert ada.page.get_by_role("term").all_inner_texts() == ["They see", "They do not see", "You can"]
    ada.page.get_by_role("checkbox", name="I agree that the cohort's lead sees this.").check()
    ada.page.get_by_role("button", name=f"Join {COHORT}").click()
    ada.expect_heading(COHORT)
    mirrored = ada.page.get_by_role("table").get_by_role("cell").all_inner_texts()
    ada.follow("My radar")
    own = [
        IN_TABLE.search(squeezed(text))
        for text in ada.page.get_by_role("table").first.get_by_role("row").all_inner_texts()
    ]
    scores = [found.groups() for found in own if found]
    assert len(scores) == 5

    lena.page.reload()
    row = lena.page.get_by_role("row", name=re.compile("^Ada "))
    seen = [CELL.search(squeezed(text)) for text in row.get_by_role("cell").all_inner_texts()]
    assert [(found[1], found[3], found[4], found[2]) for found in seen if found] == scores
    assert [squeezed(text) for text in row.get_by_role("cell").all_inner_texts()[:5]] == list(map(squeezed, mirrored))

    assert exported_scores(lena, "Ada") == scores

    cohort_page = lena.page.url
    omar = arrive()
    omar.expected_complaints.append(NOT_FOUND)
    omar.sign_up("Omar", "omar@cohort.example")
    expect_not_found(omar, cohort_page)
    expect_not_found(omar, f"{cohort_page}/results.csv")

    lena.page.get_by_role("button", name="Stop it").click()
    expect(lena.page.get_by_role("status")).to_contain_text("The link does not work any more.")
    expect_not_found(omar, link)

    ada.follow("Cohorts")
    ada.follow(COHORT)
    ada.page.get_by_role("button", name=f"Leave {COHORT}").click()
    expect(ada.page.get_by_role("status")).to_contain_text("You have left the cohort.")
    lena.page.reload()
    expect(lena.page.get_by_text("Nobody is here yet.")).to_be_visible()
    expect(lena.page.get_by_text("Ada", exact=True)).to_have_count(0)
    ada.expected_complaints.append(NOT_FOUND)
    expect_not_found(ada, cohort_page)


def test_a_newcomer_with_a_link_signs_up_and_is_asked_again(arrive: Arrive) -> None:
    lena = arrive()
    lena.sign_up("Lena", "lena2@cohort.example")
    link = make_cohort(lena)

    noor = arrive()
    noor.page.goto(link)
    noor.expect_heading(f"You are invited to {COHORT}")
    noor.page.get_by_role("main").get_by_role("link", name="Make an account").click()
    noor.fill_sign_up("Noor", "noor@cohort.example")
    noor.expect_heading(f"You are invited to {COHORT}")

    lena.page.reload()
    expect(lena.page.get_by_text("Noor", exact=True)).to_have_count(0)
    noor.page.get_by_role("checkbox", name="I agree that the cohort's lead sees this.").check()
    noor.page.get_by_role("button", name=f"Join {COHORT}").click()
    expect(noor.page.get_by_role("status")).to_contain_text(f"You are in {COHORT}.")
    lena.page.reload()
    expect(lena.page.get_by_role("rowheader", name="Noor")).to_be_visible()


def make_cohort(visit: Visit) -> str:
    """Make a cohort and an invitation link on its page. Gives the link."""
    visit.follow("Cohorts")
    visit.page.get_by_label("Name").fill(COHORT)
    visit.page.get_by_role("button", name="Make it").click()
    visit.expect_heading(COHORT)
    visit.page.get_by_role("button", name="Make an invitation link").click()
    return visit.page.get_by_label("Your invitation link").input_value()


def exported_scores(visit: Visit, name: str) -> list[tuple[str, ...]]:
    """Score, interval and level of each area in the downloaded table's line of this member."""
    with visit.page.expect_download() as download:
        visit.follow("Download as CSV")
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        lines = {line["Name"]: line for line in csv.DictReader(file)}
    areas = [title.removesuffix(" low") for title in lines[name] if title.endswith(" low")]
    return [tuple(lines[name][f"{area}{part}"] for part in ("", " low", " high", " level")) for area in areas]


def expect_not_found(visit: Visit, address: str) -> None:
    """Open an address and find nothing there."""
    response = visit.page.goto(address)
    assert response
    assert response.status == 404
    visit.expect_heading("Nothing here")
