"""A lead exports a cohort's results in every format; a library opens each. The member reads who did."""

import csv
import io
import json
from collections.abc import Callable

from openpyxl import load_workbook
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.journeys.conftest import Arrive
from tests.journeys.leading import look_until
from tests.journeys.site import Site

OPENED: dict[str, Callable[[bytes], str]] = {
    "Excel": lambda content: str(load_workbook(io.BytesIO(content))["Members"]["A2"].value),
    "PDF": lambda content: " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages),
    "CSV": lambda content: next(csv.reader(io.StringIO(content.decode("utf-8-sig").split("\r\n")[1])))[0],
    "JSON": lambda content: str(json.loads(content)["members"][0]["name"]),
}


def test_a_lead_exports_every_format_and_the_member_reads_who_did(site: Site, arrive: Arrive) -> None:
    (ada_id, ada_email), (lena_id, lena_email) = site.add_person("Ada"), site.add_person("Lena")
    site.take("databases", learner_id=ada_id, days_ago=1, wrong_every=3)
    cohort = f"/cohorts/{site.add_cohort('Backend guild', lead_id=lena_id, member_ids=[ada_id])}"
    lena = arrive()
    lena.sign_in(lena_email)

    for name, read in OPENED.items():
        lena.page.goto(f"{cohort}/exports")
        wanted = lena.page.get_by_role("button", name=f"Export {name}")
        if name == "PDF":
            wanted.click()
            wanted = lena.page.get_by_role("link", name="Download PDF")
            look_until(lena, wanted)
        with lena.page.expect_download() as download:
            wanted.click()
        assert "Ada" in read(download.value.path().read_bytes())

    lena.page.goto(f"{cohort}/exports")
    expect(lena.page.get_by_role("link", name="Download")).to_have_count(len(OPENED))
    ada = arrive()
    ada.sign_in(ada_email)
    ada.page.goto(f"{cohort}/looks")
    for name in OPENED:
        expect(ada.page.get_by_text(f"Lena made a file of the whole cohort: {name}")).to_have_count(1)
