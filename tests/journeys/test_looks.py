"""Every page at 360 and 1280 px in light and dark: pictured, no barrier that axe knows, never wider than the screen.

The pictures are in build/screens.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import pytest
from playwright.sync_api import expect

from tests.conftest import PASSWORD
from tests.journeys.conftest import Arrive
from tests.journeys.looks import find_barriers, find_faults, find_sideways
from tests.journeys.site import Site
from tests.journeys.visit import LAST, Visit
from tests.oidc_provider import RunningProvider
from tracker.assessment.sees import Sees

ITEMS_AT_ONCE = 100
"""An attempt takes 200 changes."""
NOWHERE = "/nothing-here"
PAGES = {
    "code": ("cleo", "/sign-in/code"),  # first: it is asked for five minutes only
    "front": ("visitor", "/"),
    "sign-up": ("visitor", "/sign-up"),
    "sign-in": ("visitor", "/sign-in"),
    "sign-up-asked": ("visitor", "/sign-up/asked"),
    "sign-up-confirm": ("visitor", "/sign-up/confirm/{sign_up_token}"),
    "password-forgotten": ("visitor", "/password/forgotten"),
    "password-asked": ("visitor", "/password/asked"),
    "password-new": ("visitor", "/password/new/{reset_token}"),
    "address": ("ada", "/account/address"),
    "verify-address": ("ada", "/account/address/{address_token}"),
    "admin-people": ("adam", "/admin/people"),
    "admin-person": ("adam", "/admin/people/{ada}"),
    "admin-audit": ("adam", "/admin/audit"),
    "admin-health": ("adam", "/admin/health"),
    "admin-mails": ("adam", "/admin/mails"),
    "admin-mail": ("adam", "/admin/mails/{mail_id}"),
    "invitation-signed-out": ("visitor", "/invitations/{invitation}"),
    "home-empty": ("grace", "/"),
    "radar-empty": ("grace", "/radar"),
    "area-empty": ("grace", "/radar/apis"),
    "topic-empty": ("grace", "/radar/apis/graphql"),
    "cohorts-empty": ("grace", "/cohorts"),
    "invitation": ("grace", "/invitations/{invitation}"),
    "home-open": ("tess", "/"),
    "take-single": ("tess", "/attempts/{single}"),
    "take-multiple": ("tess", "/attempts/{multiple}"),
    "take-number": ("tess", "/attempts/{number}"),
    "take-text": ("tess", "/attempts/{text}"),
    "take-output": ("tara", "/attempts/{output}"),
    "take-order": ("tara", "/attempts/{order}"),
    "take-match": ("tara", "/attempts/{match}"),
    "take-gap": ("tara", "/attempts/{gap}"),
    "home": ("ada", "/"),
    "assessments": ("ada", "/assessments"),
    "before-start": ("ada", "/assessments/placement"),
    "take-adaptive": ("ada", "/attempts/{adaptive}"),
    "result": ("ada", "/attempts/{result}/result"),
    "radar": ("ada", "/radar"),
    "area": ("ada", "/radar/databases"),
    "area-once": ("ada", "/radar/tools"),
    "topic": ("ada", "/radar/databases/sqlalchemy"),
    "cohorts": ("ada", "/cohorts"),
    "member": ("ada", "/cohorts/{cohort}"),
    "account": ("ada", "/account"),
    "data": ("ada", "/account/data"),
    "tokens": ("ada", "/account/tokens"),
    "tokens-empty": ("grace", "/account/tokens"),
    "sessions": ("ada", "/account/sessions"),
    "identities": ("ada", "/account/identities"),
    "identities-empty": ("grace", "/account/identities"),
    "identity-new": ("grace", "/account/identities/new"),
    "second-factor": ("ada", "/account/second-factor"),
    "second-factor-begun": ("grace", "/account/second-factor"),
    "second-factor-on": ("tara", "/account/second-factor"),
    "practice": ("ada", "/practice"),
    "practice-ask": ("ada", "/practice/language"),
    "practice-explained": ("ada", "/practice/{practised_area}/answers/{practised}/1"),
    "report": ("ada", "/attempts/{result}/places/1/report"),
    "report-practised": ("ada", "/practice/{practised_area}/answers/{practised}/1/report"),
    "bank": ("vera", "/bank"),
    "bank-reports": ("vera", "/bank/reports"),
    "bank-report": ("vera", "/bank/reports/{report}"),
    "bank-item": ("vera", "/bank/items/{item}"),
    "cohort": ("lena", "/cohorts/{cohort}"),
    "mails": ("lena", "/cohorts/{cohort}/mails"),
    "mails-empty": ("lena", "/cohorts/{empty_cohort}/mails"),
    "exports": ("lena", "/cohorts/{cohort}/exports"),
    "exports-empty": ("lena", "/cohorts/{empty_cohort}/exports"),
    "assigned": ("ada", "/assignments/{assignment}"),
    "assignment": ("lena", "/assignments/{assignment}"),
    "assigned-practice": ("ada", "/assignments/{practice_set}"),
    "practice-set": ("lena", "/assignments/{practice_set}"),
    "assignments": ("lena", "/cohorts/{cohort}/assignments"),
    "assignments-empty": ("lena", "/cohorts/{empty_cohort}/assignments"),
    "person": ("lena", "/cohorts/{cohort}/members/{tess}"),
    "person-answers": ("lena", "/cohorts/{open_cohort}/members/{ada}"),
    "member-answers": ("lena", "/cohorts/{open_cohort}/members/{ada}/attempts/{result}"),
    "member-looks": ("ada", "/cohorts/{open_cohort}/looks"),
    "targets": ("lena", "/cohorts/{cohort}/targets"),
    "coverage": ("lena", "/cohorts/{cohort}/coverage"),
    "coverage-of-few": ("lena", "/cohorts/{empty_cohort}/coverage"),
    "figures": ("lena", "/cohorts/{crowd}/figures"),
    "figures-items": ("lena", "/cohorts/{crowd}/figures/language"),
    "figures-waiting": ("lena", "/cohorts/{empty_cohort}/figures"),
    "people": ("lena", "/cohorts/{cohort}/people"),
    "people-empty": ("lena", "/cohorts/{empty_cohort}/people"),
    "people-waiting": ("lena", "/cohorts/{open_cohort}/people"),
    "cohorts-waiting": ("tara", "/cohorts"),
    "settings": ("lena", "/cohorts/{cohort}/settings"),
    "agreement": ("ada", "/cohorts/{open_cohort}/agreement"),
    "cohort-empty": ("lena", "/cohorts/{empty_cohort}"),
    "not-found": ("lena", NOWHERE),
}
NO_PAGES = {
    "health.livez",
    "health.readyz",
    "metrics.show",
    "attempts.result_pdf",
    "identities.begin",
    "identities.begin_link",
    "identities.arrive",
    "notes.download",
    "personal_data.download",
    "exports.download",
    "attempts.show_clock",
}
"""What answers a GET with something else than a page."""


@dataclass(frozen=True)
class Gallery:
    """The people whose pages are looked at, signed in, and the ids in the pages' addresses."""

    visits: Mapping[str, Visit]
    ids: Mapping[str, str]

    def open(self, name: str) -> Visit:
        """Open a page. Gives the visit that shows it."""
        who, path = PAGES[name]
        self.visits[who].page.goto(path.format(**self.ids))
        return self.visits[who]


@pytest.fixture(scope="module")
def gallery(site: Site, arrive_for_all: Arrive, provider: RunningProvider) -> Gallery:
    """A cohort with people of all kinds: Ada has history, Tess is in the middle of things, Grace has just come."""
    people = {
        name: site.add_person(name.title())
        for name in ("ada", "adam", "ben", "cleo", "grace", "lena", "tara", "tess", "vera")
    }
    ids = {name: person_id for name, (person_id, _) in people.items()}
    site.take("databases", learner_id=ids["ada"], days_ago=60, wrong_every=2)
    result = site.take("placement", learner_id=ids["ada"], days_ago=30, wrong_every=4)
    site.take("databases", learner_id=ids["ada"], days_ago=2, wrong_every=6)
    site.take("placement", learner_id=ids["ben"], days_ago=5, wrong_every=2)
    site.take("language", learner_id=ids["ben"], days_ago=4, wrong_every=1)
    site.take("apis", learner_id=ids["cleo"], days_ago=4, wrong_every=20)
    cohort = site.add_cohort(
        "Backend guild",
        lead_id=ids["lena"],
        member_ids=[ids[name] for name in ("ada", "ben", "cleo", "tara", "tess")],
    )
    site.want({"language": "Proficient", "databases/sqlite": "Expert"}, cohort_id=cohort, lead_id=ids["lena"])
    open_cohort = site.add_cohort("Pair programmers", lead_id=ids["lena"], member_ids=[ids["ada"]], sees=Sees.ANSWERS)
    site.ask_to_join(open_cohort, lead_id=ids["lena"], learner_id=ids["tara"])
    empty_cohort = site.add_cohort("Newcomers of spring", lead_id=ids["lena"], member_ids=[])
    crowd = site.add_cohort("Everybody", lead_id=ids["lena"], member_ids=_crowd(site))
    site.make_figures(crowd, lead_id=ids["lena"])
    open_attempts = {
        item.body.name: site.start([item], learner_id=ids[who], assessment_slug=slug)
        for item, (who, slug) in zip(
            site.longest_items(),
            product(("tess", "tara"), ("language", "frameworks", "databases", "apis")),
            strict=True,
        )
    }
    practised = site.longest_items()[0]
    site.practise(practised, learner_id=ids["ada"])
    site.make_token(learner_id=ids["ada"])
    site.make_author(people["vera"][1])
    site.make_admin(people["adam"][1])
    visits = {name: arrive_for_all() for name in ("visitor", "ada", "adam", "grace", "lena", "tara", "tess", "vera")}
    for name, visit in visits.items():
        if name in people:
            visit.sign_in(people[name][1])
    visits["lena"].expected_complaints.append("status of 404")
    site.begin_second_factor(ids["grace"])
    for name in ("cleo", "tara"):
        site.switch_on_second_factor(ids[name])
    visits["cleo"] = arrive_for_all()
    visits["cleo"].page.goto("/sign-in")
    visits["cleo"].fill_sign_in(people["cleo"][1])
    for name in ("ada", "grace"):
        provider.knows(name, email=people[name][1], email_verified=True)
        visits[name].page.goto("/account/identities/link")
        visits[name].sign_in_elsewhere(name)
        visits[name].expect_heading("Link this account?")
    visits["ada"].page.get_by_label("Your password").fill(PASSWORD)
    visits["ada"].page.get_by_role("button", name="Yes, it is mine").click()
    visits["ada"].expect_heading("Accounts elsewhere")
    invitation = site.invite(cohort, lead_id=ids["lena"])
    site.write_mails(cohort, lead_id=ids["lena"])
    return Gallery(
        visits,
        {
            "cohort": cohort,
            "assignment": site.assign("frameworks", cohort_id=cohort, lead_id=ids["lena"]),
            "practice_set": site.assign("tools", cohort_id=cohort, lead_id=ids["lena"], practice_items=20),
            "empty_cohort": empty_cohort,
            "open_cohort": open_cohort,
            "crowd": crowd,
            "invitation": invitation,
            "result": result,
            "report": site.report(result, number=1, learner_id=ids["ada"]),
            "adaptive": site.begin("topic-tools-git", learner_id=ids["ada"]),
            "practised": practised.version,
            "practised_area": practised.area_slug,
            "item": practised.id,
            "ada": str(ids["ada"]),
            "tess": str(ids["tess"]),
        }
        | open_attempts
        | site.write_links(ada=ids["ada"], ben=ids["ben"]),
    )


def _crowd(site: Site) -> list[int]:
    """Fifteen people who had the same form some weeks ago, so that there are figures of all kinds."""
    people = [site.add_person(f"Member {number}")[0] for number in range(15)]
    for number, learner_id in enumerate(people):
        site.take("language", learner_id=learner_id, days_ago=45, wrong_every=2 + number % 4, seed=7)
    return people


def test_every_page_is_looked_at(site: Site) -> None:
    addresses = site.app.url_map.bind("")
    routes = {
        rule.endpoint
        for rule in site.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.rule.startswith("/api/")
    }
    any_ids = defaultdict(lambda: "1")
    shown = {addresses.match(path.format_map(any_ids))[0] for _who, path in PAGES.values() if path != NOWHERE}
    assert shown == routes - NO_PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_page_looks_right(name: str, gallery: Gallery) -> None:
    assert find_faults(gallery.open(name).page, name) == []


def test_opened_figures_of_items_look_right(gallery: Gallery) -> None:
    visit = gallery.open("figures-items")
    visit.page.get_by_text("What the numbers mean").click()
    for one in visit.page.locator(".reviewed").filter(has_text="Who chose what").all()[:3]:
        one.locator("summary").click()
    assert visit.page.get_by_text("Who chose what").first.is_visible()
    assert find_faults(visit.page, "figures-items-open") == []


def test_an_opened_result_looks_right(gallery: Gallery) -> None:
    visit = gallery.open("result")
    for one in visit.page.get_by_role("group").locator("summary").all()[:4]:
        one.click()
    assert find_faults(visit.page, "result-opened") == []


@pytest.mark.parametrize(
    ("name", "asked"), [("area", "area=databases"), ("filtered", "skill=tools"), ("nobody", "active=no")]
)
def test_a_matrix_that_is_asked_for_otherwise_looks_right(name: str, asked: str, gallery: Gallery) -> None:
    visit = gallery.open("cohort")
    visit.page.goto(f"{visit.page.url}?{asked}")
    assert find_faults(visit.page, f"cohort-{name}") == []


def test_an_opened_person_looks_right(gallery: Gallery) -> None:
    visit = gallery.open("person-answers")
    for one in visit.page.get_by_role("group").locator("summary").all():
        one.click()
    assert find_faults(visit.page, "person-opened") == []


def test_what_can_be_done_about_people_looks_right(gallery: Gallery) -> None:
    visit = gallery.open("people")
    for one in visit.page.get_by_role("main").get_by_role("group").locator("summary").all()[:2]:
        one.click()
    assert find_faults(visit.page, "people-opened") == []


def test_opened_evidence_looks_right(gallery: Gallery) -> None:
    visit = gallery.open("home")
    for one in visit.page.get_by_role("group").locator("summary").all():
        one.click()
    assert find_faults(visit.page, "home-opened") == []


def test_a_refused_form_looks_right(gallery: Gallery) -> None:
    visit = gallery.open("sign-up")
    visit.expected_complaints.append("status of 400")
    visit.page.get_by_label("Name").fill("Vic")
    visit.page.get_by_label("Email address").fill("vic@example.org")
    visit.page.get_by_label("Password").fill("aaaaaaaaaaaaaaa")
    visit.page.get_by_role("button", name="Make my account").click()
    expect(visit.page.get_by_text("Use more than a few different characters.")).to_be_visible()
    assert find_faults(visit.page, "sign-up-refused") == []


def test_a_fresh_invitation_link_looks_right(gallery: Gallery) -> None:
    visit = gallery.open("people-empty")
    visit.page.get_by_role("button", name="Make an invitation link").click()
    expect(visit.page.get_by_label("Your invitation link")).to_be_visible()
    assert find_faults(visit.page, "cohort-invited") == []


def test_a_fresh_token_looks_right(gallery: Gallery) -> None:
    visit = gallery.open("tokens-empty")
    visit.page.get_by_label("Name").fill("Nightly report")
    visit.page.get_by_label("See your attempts and results").check()
    visit.page.get_by_label("Your password").fill(PASSWORD)
    visit.page.get_by_role("button", name="Make a token").click()
    expect(visit.page.get_by_label("Your token Nightly report")).to_have_value(re.compile("skm_[0-9a-f]{72}"))
    assert find_faults(visit.page, "tokens-fresh") == []


def test_the_review_and_a_chosen_answer_look_right(site: Site, arrive: Arrive) -> None:
    learner_id, email = site.add_person("Rita")
    site.start(list(site.items.values())[:12], learner_id=learner_id)
    rita = arrive()
    rita.sign_in(email)
    rita.follow("Go on")
    rita.answer()
    faults = find_faults(rita.page, "take-chosen")
    rita.save("All questions", then=LAST)
    assert faults + find_faults(rita.page, "review") == []


def test_a_lost_connection_looks_right(site: Site, arrive: Arrive) -> None:
    learner_id, email = site.add_person("Rita")
    site.start(site.longest_items(), learner_id=learner_id)
    rita = arrive()
    rita.expected_complaints.append("ERR_INTERNET_DISCONNECTED")
    rita.sign_in(email)
    rita.follow("Go on")
    rita.context.set_offline(True)
    rita.answer()
    expect(rita.page.get_by_role("alert")).to_contain_text("Not saved")
    assert find_faults(rita.page, "take-connection-lost") == []


def test_no_item_of_the_bank_makes_a_phone_scroll_sideways_or_raises_a_barrier(site: Site, arrive: Arrive) -> None:
    learner_id, email = site.add_person("Rita")
    rita = arrive(viewport={"width": 360, "height": 800})
    rita.sign_in(email)
    every = list(site.items.values())
    faults = []
    for first in range(0, len(every), ITEMS_AT_ONCE):
        items = every[first : first + ITEMS_AT_ONCE]
        rita.page.goto(f"/attempts/{site.start(items, learner_id=learner_id)}")
        for number, item in enumerate(items, start=1):
            rita.expect_heading(f"Question {number} of {len(items)}")
            faults += [f"{item.id}: {fault}" for fault in find_sideways(rita.page)]
            rita.page.get_by_role("button", name="Save and go on").click()
        rita.expect_heading(LAST)
        rita.page.get_by_role("button", name="Finish and see my result").click()
        rita.page.wait_for_url("**/result")
        rita.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        faults += find_sideways(rita.page) + find_barriers(rita.page)
    assert faults == []
