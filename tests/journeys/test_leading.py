"""A lead makes a cohort, invites, assigns and reads the results; members see what the lead sees, and who looked."""

import csv
import json
import re
from collections.abc import Mapping
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Locator, expect
from pypdf import PdfReader

from tests.journeys.conftest import Arrive
from tests.journeys.leading import (
    assign_to_all,
    invite_by_link,
    invite_by_mail,
    join,
    look_until,
    make_cohort,
    open_tab,
    see_answers,
    sign_up_at,
    take_target,
)
from tests.journeys.site import Site
from tests.journeys.test_adaptive import is_over
from tests.journeys.visit import Visit, squeezed
from tracker.assessment.sees import Sees

COHORT = "Backend guild"
QUIZ, QUIZ_NAME = "topic-tools-git", "Git"
NAMES = ("Ada", "Ben", "Cleo", "Dora", "Eve", "Finn")
CELL = re.compile(r"^(\d+) (Foundation|Developing|Proficient|Expert) (\d+) to (\d+)")
ON_RADAR = re.compile(r"(\d+) \((\d+) to (\d+)\) (\w+)")
SHARE = re.compile(r"^(\d+ % \(\d+ to \d+\)|at most 1|all but at most 1)")
SEED = 6
"""Of a form: who takes it first gets the same items as everybody else with this seed."""

AREAS = {
    "language": "Programming Language",
    "frameworks": "Frameworks",
    "databases": "Databases",
    "apis": "APIs",
    "tools": "Essential Tools",
}
Score = tuple[str, ...]
"""A score, its level, and the lower and the upper end of its interval."""

CONSENT = ["They see", "In figures of the group", "They do not see", "You can"]
NOT_FOUND = "status of 404"
PARTS_OF_A_PERSON = 4
"""Areas and topics, what to do next, finished quizzes, what is open now."""


def test_a_lead_invites_three_people_who_join_and_take_what_is_assigned(site: Site, arrive: Arrive) -> None:
    site.forget_limits()
    lena, ada, ben, cleo, omar = (arrive() for _ in range(5))
    lena.sign_up("Lena", "lena@leading.example")
    make_cohort(lena, COHORT)
    cohort_page = lena.page.url
    see_answers(lena)
    take_target(lena, "Junior backend developer")
    link = invite_by_link(lena, most_uses=1)
    of_ben, of_cleo = invite_by_mail(lena, ["ben@leading.example", "cleo@leading.example"])

    invitations = {"Ada": (ada, link), "Ben": (ben, of_ben), "Cleo": (cleo, of_cleo)}
    for name, (member, invitation) in invitations.items():
        sign_up_at(member, invitation, name=name, email=f"{name.lower()}@leading.example", cohort=COHORT)
    assert ada.page.get_by_role("term").all_inner_texts() == CONSENT
    expect(ada.page.get_by_role("definition").filter(has_text="What you answered in finished quizzes")).to_be_visible()
    open_tab(lena, "Overview")
    expect(lena.page.get_by_text("Nobody is here yet.")).to_be_visible()
    for member in (ada, ben, cleo):
        join(member, COHORT)
    omar.expected_complaints.append(NOT_FOUND)
    expect_not_found(omar, link)

    assign_to_all(lena, QUIZ, name=QUIZ_NAME)
    expect(lena.page.get_by_text("Of 3 members 3 not opened.")).to_be_visible()
    for member, right_every in ((ada, 1), (ben, 2), (cleo, 100)):
        take_assigned(member, right_every=right_every)
    lena.page.reload()
    expect(lena.page.get_by_text("Of 3 members 3 finished.")).to_be_visible()

    lena.page.goto(cohort_page)
    expect(lena.page.get_by_role("columnheader", name="Programming Language")).to_contain_text("Target: Developing")
    for name in ("Ada", "Ben", "Cleo"):
        assert len(scores_of(lena, name)) == 1

    omar.sign_up("Omar", "omar@leading.example")
    for place in ("", "/exports", "/people", "/figures", "/coverage"):
        expect_not_found(omar, cohort_page + place)


def test_a_lead_reads_the_cohort_and_exports_it_in_every_format(site: Site, arrive: Arrive, tmp_path: Path) -> None:
    lena_id, email = site.add_person("Lena")
    members = {name: site.add_person(name)[0] for name in NAMES}
    for number, member_id in enumerate(members.values(), 1):
        site.take("placement", learner_id=member_id, days_ago=40, wrong_every=number, seed=SEED)
    cohort = site.add_cohort(COHORT, lead_id=lena_id, member_ids=list(members.values()), sees=Sees.ANSWERS)
    site.want({"databases": "Proficient", "databases/sqlite": "Expert"}, cohort_id=cohort, lead_id=lena_id)
    lena = arrive()
    lena.sign_in(email)
    page = lena.page

    page.goto(f"/cohorts/{cohort}")
    scores = {name: scores_of(lena, name) for name in NAMES}
    assert [len(in_areas) for in_areas in scores.values()] == [5] * 6
    expect(page.get_by_role("region", name="Who needs help first").get_by_role("listitem").first).to_contain_text("Ada")
    spread = page.get_by_role("region", name="Spread over the areas").get_by_role("row", name="Databases")
    assert squeezed(spread.get_by_role("cell").first.inner_text()) == "6"
    page.get_by_role("columnheader", name="Databases").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Databases, topic by topic")).to_be_visible()
    expect(page.get_by_role("columnheader", name="SQLite")).to_contain_text("Target: Expert")
    page.get_by_role("link", name="Assign SQLite to Ada").click()
    expect(page.get_by_label("What to take")).to_have_value("topic-databases-sqlite")
    expect(page.get_by_label("Ada")).to_be_checked()

    open_tab(lena, "Figures")
    look_until(lena, page.get_by_role("heading", name="Trend"))
    misconceptions = page.get_by_role("table", name="Misconceptions").locator("tr:has(td.number)")
    for one in misconceptions.all():
        _name, share, count = (squeezed(text) for text in one.get_by_role("cell").all_inner_texts())
        assert SHARE.match(share)
        assert int(count) >= 5
    assert misconceptions.count() > 3
    expect(page.get_by_role("img", name=re.compile("^Mean score in Databases"))).to_be_visible()
    page.get_by_role("region", name="Items").get_by_role("link", name="Databases").click()
    lena.expect_heading("Items: Databases")
    chosen = page.get_by_role("group").filter(has_text="Who chose what").first
    chosen.click()
    expect(chosen.get_by_role("row", name=re.compile("key"))).to_be_visible()

    open_tab(lena, "Coverage")
    page.get_by_label("How many should hold each level").select_option("1")
    page.get_by_role("button", name="Show").click()
    sqlite = page.get_by_role("table", name="Who of 6 members holds").get_by_role("row", name=re.compile("^SQLite"))
    expect(sqlite).to_contain_text("Expert")
    expect(page.get_by_role("heading", name="The fewest steps there")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^Assign its quiz in SQLite to "))).to_be_visible()

    open_tab(lena, "Overview")
    page.get_by_role("rowheader", name="Cleo").get_by_role("link").click()
    lena.expect_heading("Cleo")
    assert scores_in(page.get_by_role("table", name="Areas:")) == scores["Cleo"]
    page.get_by_role("link", name=re.compile("What was answered in Placement")).click()
    lena.expect_heading("Placement")
    expect(page.get_by_role("main").get_by_role("group")).to_have_count(25)
    page.go_back()
    page.get_by_label("New note").fill("Pair her with Finn on SQLite.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_role("region", name="Notes")).to_contain_text("Pair her with Finn on SQLite.")

    page.goto(f"/cohorts/{cohort}/exports")
    assert read_csv(export(lena, "CSV", tmp_path)) == scores
    assert read_xlsx(export(lena, "Excel", tmp_path)) == scores
    assert read_json(export(lena, "JSON", tmp_path)) == scores
    report = squeezed(" ".join(one.extract_text() for one in PdfReader(export_pdf(lena, tmp_path)).pages))
    for name, in_areas in scores.items():
        told = [f"{level} {value} ({low} to {high})" for value, level, low, high in in_areas]
        assert " ".join([name, *told]) in report


def test_a_member_reads_the_same_words_as_the_lead_and_who_looked_and_lets_them_see_less(
    site: Site, arrive: Arrive
) -> None:
    lena_id, lena_email = site.add_person("Lena")
    ada_id, ada_email = site.add_person("Ada")
    site.take("placement", learner_id=ada_id, days_ago=2, wrong_every=3)
    cohort = site.add_cohort(COHORT, lead_id=lena_id, member_ids=[ada_id], sees=Sees.ANSWERS)
    lena, ada = arrive(), arrive()
    lena.sign_in(lena_email)
    ada.sign_in(ada_email)

    ada.page.goto("/radar")
    rows = ada.page.get_by_role("table").first.get_by_role("row").all_inner_texts()
    own = [found.groups() for text in rows if (found := ON_RADAR.search(squeezed(text)))]
    ada.page.goto(f"/cohorts/{cohort}")
    looks = ada.page.get_by_role("region", name="Who looked")
    expect(looks).to_contain_text("Nobody yet.")
    lena.page.goto(f"/cohorts/{cohort}/members/{ada_id}")
    assert words_about(lena) == words_about(ada)
    seen = scores_in(lena.page.get_by_role("table", name="Areas:"))
    assert [(value, low, high, level) for value, level, low, high in seen] == own
    assert len(own) == 5
    lena.page.get_by_role("link", name=re.compile("What was answered in Placement")).click()
    lena.expect_heading("Placement")
    ada.page.reload()
    expect(looks.get_by_role("listitem")).to_contain_text(
        ["Lena opened what you answered in a quiz", "Lena opened what they see of you"]
    )

    ada.follow("Change what they see")
    ada.page.get_by_role("radio", name="Levels, in words").check()
    ada.page.get_by_role("button", name="Save").click()
    expect(ada.page.get_by_role("status")).to_contain_text("Saved.")
    lena.expected_complaints.append(NOT_FOUND)
    expect_not_found(lena, lena.page.url)
    lena.page.goto(f"/cohorts/{cohort}/members/{ada_id}")
    less = words_about(lena)
    assert less == words_about(ada)
    assert not re.search(r"\b\d{3} |Placement", less)
    lena.page.goto(f"/cohorts/{cohort}")
    assert not any(CELL.match(squeezed(text)) for text in lena.page.get_by_role("cell").all_inner_texts())

    ada.page.reload()
    ada.page.get_by_text("Leave this cohort").click()
    ada.page.get_by_role("button", name=f"Leave {COHORT}").click()
    expect(ada.page.get_by_role("status")).to_contain_text("You have left the cohort.")
    ada.expected_complaints.append(NOT_FOUND)
    expect_not_found(ada, f"/cohorts/{cohort}")
    lena.page.reload()
    expect(lena.page.get_by_text("Nobody is here yet.")).to_be_visible()
    expect_not_found(lena, f"/cohorts/{cohort}/members/{ada_id}")


def test_all_that_a_lead_does_works_without_javascript(site: Site, arrive: Arrive, tmp_path: Path) -> None:
    _lena_id, lena_email = site.add_person("Lena")
    ada_id, ada_email = site.add_person("Ada")
    site.take("placement", learner_id=ada_id, days_ago=2, wrong_every=3)
    lena, ada, omar = (arrive(java_script_enabled=False) for _ in range(3))
    lena.sign_in(lena_email)
    ada.sign_in(ada_email)

    make_cohort(lena, COHORT)
    cohort_page = lena.page.url
    see_answers(lena)
    take_target(lena, "Junior backend developer")
    link = invite_by_link(lena, most_uses=3)
    ada.page.goto(link)
    join(ada, COHORT)
    assign_to_all(lena, QUIZ, name=QUIZ_NAME)
    lena.page.get_by_role("button", name="Remind 1 member by mail").click()
    expect(lena.page.get_by_role("status")).to_contain_text("1 reminder is written, not sent")
    lena.page.goto(cohort_page)
    lena.page.get_by_label("Sort by").select_option("Name")
    lena.page.get_by_role("button", name="Show").click()
    scores = scores_of(lena, "Ada")
    open_tab(lena, "Exports")
    assert read_csv(export(lena, "CSV", tmp_path)) == {"Ada": scores}
    open_tab(lena, "People")
    lena.page.get_by_role("button", name=re.compile("^Stop it for the link")).click()
    expect(lena.page.get_by_role("status")).to_contain_text("The link does not work any more.")
    omar.expected_complaints.append(NOT_FOUND)
    expect_not_found(omar, link)
    open_tab(lena, "Settings")
    lena.page.get_by_role("button", name=f"Archive {COHORT}").click()
    expect(lena.page.get_by_role("status")).to_contain_text("The cohort is archived.")


def take_assigned(member: Visit, *, right_every: int) -> None:
    """Take the quiz from the first page to its result, every n-th answer right."""
    member.page.goto("/")
    member.page.get_by_role("region", name="Assigned to you").get_by_role("link", name=QUIZ_NAME).click()
    member.page.get_by_role("button", name="Start the 12 minutes").click()
    member.expect_ready()
    number = 1
    while True:
        member.answer(rightly=number % right_every == 0)
        member.page.get_by_role("button", name="Save and go on").click()
        if is_over(member, number):
            return
        number += 1


def scores_of(lead: Visit, name: str) -> list[Score]:
    """Score, level and interval of a member in each area, as the matrix on the page says."""
    return scores_in(lead.page.get_by_role("row", name=re.compile(f"^{name} ")))


def scores_in(row: Locator) -> list[Score]:
    """The scores in the cells of a row or a table."""
    found = [CELL.match(squeezed(text)) for text in row.get_by_role("cell").all_inner_texts()]
    return [one.groups() for one in found if one]


def words_about(visit: Visit) -> str:
    """What the page says of a person, all of it unfolded."""
    regions = visit.page.get_by_role("main").locator("section:has(> h3)")
    assert regions.count() >= PARTS_OF_A_PERSON
    visit.page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
    return squeezed(" ".join(regions.all_inner_texts()))


def export(lead: Visit, name: str, folder: Path) -> Path:
    """Export in the format of this name. Gives the downloaded file."""
    with lead.page.expect_download() as download:
        lead.page.get_by_role("button", name=f"Export {name}").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def export_pdf(lead: Visit, folder: Path) -> Path:
    """Export the report, which is made beside the web server. Gives the downloaded file."""
    lead.page.get_by_role("button", name="Export PDF").click()
    link = lead.page.get_by_role("link", name="Download PDF")
    look_until(lead, link)
    with lead.page.expect_download() as download:
        link.click()
    download.value.save_as(folder / "report.pdf")
    return folder / "report.pdf"


def read_csv(file: Path) -> dict[str, list[Score]]:
    """The scores of each member in each area."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return {line["Name"]: _scores(line) for line in csv.DictReader(lines)}


def read_xlsx(file: Path) -> dict[str, list[Score]]:
    """The same from a workbook."""
    titles, *rows = load_workbook(file)["Members"].iter_rows(values_only=True)
    return {str(row[0]): _scores(dict(zip(map(str, titles), row, strict=True))) for row in rows}


def read_json(file: Path) -> dict[str, list[Score]]:
    """The same from JSON."""
    return {
        member["name"]: [
            tuple(str(member["skills"][slug][part]) for part in ("score", "level", "low", "high")) for slug in AREAS
        ]
        for member in json.loads(file.read_text())["members"]
    }


def expect_not_found(visit: Visit, address: str) -> None:
    """Open an address and find nothing there."""
    response = visit.page.goto(address)
    assert response
    assert response.status == 404
    visit.expect_heading("Nothing here")


def _scores(line: Mapping[str, object]) -> list[Score]:
    return [tuple(str(line[f"{name} {part}"]) for part in ("score", "level", "low", "high")) for name in AREAS.values()]
