"""An author finds an item, sees it as a learner does, and takes its path away."""

import pytest
from playwright.sync_api import expect

from tests.builders import a_proof_result, some_statistics
from tests.journeys.conftest import Arrive
from tests.journeys.looks import find_faults, find_sideways
from tests.journeys.site import Site
from tests.journeys.visit import Visit
from tracker.assessment.item_rules import RULES
from tracker.assessment.item_types import REGISTRY
from tracker.assessment.parameters import Estimate, ParameterSet
from tracker.assessment.proof_result import ProofState
from tracker.services import item_reviews
from tracker.storage import item_parameters, item_statistics
from tracker.storage.proofs import save_proofs
from tracker.storage.question_bank import get_bank


@pytest.fixture
def vera(site: Site, arrive: Arrive) -> Visit:
    """Somebody who writes items, signed in."""
    visit = arrive()
    visit.sign_in(add_author(site))
    return visit


def add_author(site: Site) -> str:
    """Make an author's account. Gives its address."""
    _vera_id, email = site.add_person("Vera")
    site.make_author(email)
    return email


def test_an_author_goes_from_the_coverage_to_an_item_and_copies_its_path(site: Site, vera: Visit) -> None:
    vera.follow("Bank")
    vera.expect_heading("Question bank")
    vera.page.get_by_role("table").get_by_role("link", name="Syntax and control flow").click()
    vera.expect_heading("Items")
    first = vera.page.get_by_role("main").get_by_role("listitem").get_by_role("link").first
    slug = first.inner_text()
    first.click()
    vera.expect_heading(slug)

    vera.page.get_by_role("button", name="Copy path").click()

    expect(vera.page.get_by_role("status")).to_have_text("Copied.")
    vera.page.get_by_label("File").evaluate("field => { field.readOnly = false; field.value = '' }")
    vera.page.get_by_label("File").focus()
    vera.page.keyboard.press("ControlOrMeta+V")
    expect(vera.page.get_by_label("File")).to_have_value(f"question_bank/items/language/syntax/{slug}.toml")


def test_items_are_filtered_and_variants_chosen_without_scripts(site: Site, arrive: Arrive) -> None:
    vera = arrive(java_script_enabled=False)
    vera.sign_in(add_author(site))
    vera.follow("Bank")
    vera.page.get_by_label("Type").select_option("number")
    vera.page.get_by_label("Status").select_option("live")
    vera.page.get_by_role("button", name="List items").click()
    vera.page.get_by_role("listitem").filter(has_text="variants").get_by_role("link").first.click()
    last = vera.page.get_by_label("Variant shown").get_by_role("option").last.get_attribute("value")
    expect(vera.page.get_by_role("button", name="Copy path")).to_have_count(0)

    vera.page.get_by_label("Variant shown").select_option(last)
    vera.page.get_by_role("button", name="Show", exact=True).click()

    expect(vera.page.get_by_label("Variant shown")).to_have_value(last or "")


@pytest.mark.parametrize("name", ["bank", "bank?place=language", "bank?level=5&state=failed&type=gap"])
def test_coverage_and_lists_look_right(vera: Visit, name: str) -> None:
    vera.page.goto(f"/{name}")

    assert find_faults(vera.page, name.partition("&")[0].replace("?", "-").replace("=", "-")) == []


@pytest.mark.parametrize("name", REGISTRY)
def test_an_item_of_each_type_looks_right(site: Site, vera: Visit, name: str) -> None:
    (item,) = [item for item in site.longest_items() if item.body.name == name]
    with site.app.app_context():
        state = ProofState.FAILED if name == "single" else ProofState.PROVED
        doubts = ("Option a is no key and holds.",) if name == "single" else ()
        save_proofs([a_proof_result(item.version, state=state, doubts=doubts)])
    vera.page.goto(f"/bank/items/{item.id}")
    for one in vera.page.get_by_role("group").locator("summary").all():
        one.click()

    assert find_faults(vera.page, f"bank-item-{name}") == []


def test_a_family_looks_right(site: Site, vera: Visit) -> None:
    with site.app.app_context():
        family = max(get_bank().families.values(), key=lambda family: len(family.surfaces))
        save_proofs([a_proof_result(family.variant(surface).version) for surface in family.surfaces[:5]])
    vera.page.goto(f"/bank/items/{family.id}")

    assert find_faults(vera.page, "bank-family") == []
    assert find_sideways(vera.page) == []


def test_an_items_statistics_and_its_review_look_right(site: Site, vera: Visit) -> None:
    (item,) = [item for item in site.longest_items() if item.body.name == "single"]
    with site.app.app_context():
        found = some_statistics(*RULES, item_id=item.id, version=item.version)
        item_statistics.replace_all([found], made_at=found.made_at)
        estimate = Estimate(a=1.1, b=-0.4, a_error=0.2, b_error=0.1, responses=240)
        item_parameters.add(ParameterSet(revision=1, made_at=found.made_at, estimates={item.version: estimate}))
        item_reviews.flag_alarmed([found], now=found.made_at)
    vera.page.goto(f"/bank/items/{item.id}")
    vera.page.get_by_text("The same as a table").click()
    assert find_faults(vera.page, "bank-health") == []

    vera.page.get_by_label("Why").fill("The key is right.")
    vera.page.get_by_role("button", name="Count it again").click()

    expect(vera.page.get_by_text("Kept by Vera")).to_be_visible()
    vera.page.goto("/bank?health=findings")
    assert find_faults(vera.page, "bank-findings") == []
