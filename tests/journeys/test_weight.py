"""What an attempt costs on the wire, in bytes as the browser counts them: headers, compressed, nothing in its cache."""

from playwright.sync_api import expect

from benchmarks.cold_browser import Meter
from tests.journeys.conftest import Arrive
from tests.journeys.site import Site
from tests.journeys.visit import LAST

FIRST_VISIT = 150_000
QUESTION = 15_000


def test_a_first_visit_and_each_question_after_it_with_a_save_stay_light(site: Site, arrive: Arrive) -> None:
    learner_id, email = site.add_person("Kim")
    items = site.longest_items(of_each=3)
    attempt_id = site.start(items, learner_id=learner_id)
    known = arrive()
    known.sign_in(email)
    kim = arrive(storage_state=known.context.storage_state())
    meter = Meter(kim.page)

    kim.page.goto(f"/attempts/{attempt_id}")
    kim.page.wait_for_load_state("networkidle")
    assert meter.traffic.received < FIRST_VISIT

    questions, saves = [], []
    for number in range(1, len(items) + 1):
        shown = meter.traffic
        kim.answer()
        expect(kim.page.get_by_role("status")).to_have_text("Saved")
        saved = meter.traffic
        kim.save(then=LAST if number == len(items) else f"Question {number + 1} of {len(items)}")
        saves.append((saved.received - shown.received) / (saved.requests - shown.requests))
        questions.append(meter.traffic.received - saved.received)
    assert max(questions) + max(saves) < QUESTION
