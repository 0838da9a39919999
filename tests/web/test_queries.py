"""How many questions a page asks of its stores: few, and no more for many people or many attempts."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.browser import Browser
from tests.builders import a_proof_result, take
from tests.conftest import NOON, Cast, add_admin, add_person
from tests.services.guild import Guild, know
from tests.services.watching import watched_commands, watched_statements
from tests.web.api.client import Client
from tests.web.forms import form
from tracker import clock
from tracker.assessment.assignment import Release
from tracker.config import Config
from tracker.services import assignments, cohorts
from tracker.services.attempts import start_attempt
from tracker.storage import archive, documents, sql
from tracker.storage.proofs import save_proofs
from tracker.storage.question_bank import get_bank

HTMX = {"HX-Request": "true"}
CONTENT = (".toml", ".json")

_opened: list[list[str]] = []


@dataclass(frozen=True)
class Questions:
    """Every statement and command sent to the stores, but for those that begin a transaction."""

    statements: list[str]
    mongodb: list[str]

    @property
    def sql(self) -> list[str]:
        return [one for one in self.statements if not one.startswith("BEGIN") and one != sql.TAKE_TURN]

    @property
    def counts(self) -> tuple[int, int]:
        """How many went to SQL and to MongoDB."""
        return len(self.sql), len(self.mongodb)


Counting = Callable[[], AbstractContextManager[Questions]]


@pytest.fixture
def counting(app: Flask, config: Config) -> Counting:
    """Count what is asked of both stores inside a `with`."""

    @contextmanager
    def count() -> Iterator[Questions]:
        with watched_commands(config) as commands, watched_statements() as statements:
            yield Questions(statements, commands)

    return count


@contextmanager
def opening() -> Iterator[list[str]]:
    """Note which files of content are opened inside a `with`."""
    opened: list[str] = []
    _opened.append(opened)
    try:
        yield opened
    finally:
        _opened.remove(opened)


def _note_opened(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and str(arguments[0]).endswith(CONTENT):
        for opened in _opened:
            opened.append(str(arguments[0]))


sys.addaudithook(_note_opened)


def test_an_answer_sent_by_htmx_costs_an_update_a_read_and_one_look_at_who_it_is(
    counting: Counting, cast: Cast, browser: Callable[[int | None], Browser]
) -> None:
    ada = browser(cast.ada)
    path = ada.post("/assessments/language/attempts").location
    page = ada.get(path).text
    for _ in range(3):
        place = form(page, f"{path}/responses")
        with counting() as asked:
            page = ada.post_bare(place.action, place.sent(place.buttons[0]), **HTMX).text
        assert asked.mongodb == ["update", "find"]
        assert len(asked.sql) <= 2


def test_an_answer_by_the_api_costs_what_one_by_htmx_does(counting: Counting, app: Flask, cast: Cast) -> None:
    ada = Client(app, cast.ada)
    path = ada.post("/assessments/language/attempts").location
    for seq in (1, 2, 3):
        place = ada.read(f"{path}/item")
        sent = {"seq": seq, "position": seq - 1, "item_version": place["item_version"], "answer": [], "then": seq}
        with counting() as asked:
            assert ada.post(f"{path}/answers", sent).status_code == 200
        assert asked.mongodb == ["update", "find"]
        assert len(asked.sql) == 1


@pytest.mark.parametrize("path", ["/attempts", "/assessments", "/me/skills", "/me/history", "/me/next-steps"])
def test_what_the_api_tells_costs_the_same_after_one_attempt_and_after_many(
    counting: Counting, app: Flask, cast: Cast, path: str
) -> None:
    ada = Client(app, cast.ada)
    ada.read(path)
    costs = []
    for attempts in (1, 3):
        for _ in range(attempts):
            take("language", learner_id=cast.ada, now=NOON)
        ada.read(path)
        with counting() as asked:
            ada.read(path)
        costs.append(asked.counts)
    assert costs[0] == costs[1]
    assert sum(costs[0]) <= 7


def test_a_cohorts_page_costs_the_same_for_one_member_and_for_many(
    counting: Counting, cast: Cast, browser: Callable[[int | None], Browser]
) -> None:
    lena = browser(cast.lena)
    cohort = lena.post("/cohorts", {"name": "Team"}).location
    token = cohorts.invite(cohort.rpartition("/")[2], lead_id=cast.lena, now=clock.now())
    costs = []
    for size in (1, 12):
        for number in range(size):
            learner_id = add_person(f"learner{size}-{number}@example.org", f"Learner {size}-{number}")
            take("language", learner_id=learner_id, now=NOON)
            cohorts.join(token, user_id=learner_id, now=clock.now())
        with counting() as asked:
            assert f"Learner {size}-0" in lena.get(cohort).text
        costs.append(asked.counts)
    assert costs[0] == costs[1]
    who_cohort_how_many_targets_and_members = 5
    assert costs[0] == (who_cohort_how_many_targets_and_members, 1)


def test_a_cohorts_coverage_costs_the_same_for_five_members_and_for_twelve(
    counting: Counting, cast: Cast, browser: Callable[[int | None], Browser]
) -> None:
    guild, lena = Guild(cast, members=0), browser(cast.lena)
    guild.want({"tools": "Proficient"})
    costs = []
    for size in (5, 7):
        for number in range(size):
            know(guild.add(f"Member {size} {number}", may_mentor=True), {"tools/git": number - 3})
        with counting() as asked:
            assert f"Member {size} 0" in lena.get(f"/cohorts/{guild.id}/coverage").text
        costs.append(asked.counts)
    who_cohort_count_members_and_targets = 5
    assert costs == [(who_cohort_count_members_and_targets, 1)] * 2


def test_a_members_page_costs_the_same_after_one_attempt_and_after_many(
    counting: Counting, cast: Cast, browser: Callable[[int | None], Browser]
) -> None:
    lena, ada = browser(cast.lena), browser(cast.ada)
    cohort = lena.post("/cohorts", {"name": "Team"}).location
    cohorts.join(
        cohorts.invite(cohort.rpartition("/")[2], lead_id=cast.lena, now=clock.now()), user_id=cast.ada, now=clock.now()
    )
    costs = []
    for attempts in (1, 3):
        for _ in range(attempts):
            take("language", learner_id=cast.ada, now=NOON)
        for person, page in ((lena, f"{cohort}/members/{cast.ada}"), (ada, cohort)):
            with counting() as asked:
                assert "Programming Language: topics" in person.get(page).text
            costs.append(asked.counts)
    who_place_look_assignments_targets_notes = 6
    assert costs == [(who_place_look_assignments_targets_notes, 4), (5, 4)] * 2


@pytest.mark.parametrize(
    "page", ["/", "/radar", "/radar/language", "/radar/language/syntax", "/assessments", "/assessments/language"]
)
def test_a_learners_pages_cost_the_same_after_one_attempt_and_after_many(
    counting: Counting, cast: Cast, browser: Callable[[int | None], Browser], page: str
) -> None:
    ada = browser(cast.ada)
    costs = []
    for attempts in (1, 3):
        for _ in range(attempts):
            take("language", learner_id=cast.ada, now=NOON)
        ada.get(page)  # next steps are stored when they are first shown
        with counting() as asked:
            assert ada.get(page).status_code == 200
        costs.append(asked.counts)
    assert costs[0] == costs[1]
    assert costs[0][0] <= (3 if page == "/" else 2)
    assert costs[0][1] <= 6
    assert not {"insert", "update"} & set(asked.mongodb)


def test_showing_new_steps_costs_one_look_at_the_last_ones_and_one_insert(
    counting: Counting, cast: Cast, browser: Callable[[int | None], Browser]
) -> None:
    ada = browser(cast.ada)
    take("language", learner_id=cast.ada, now=NOON)
    asked_by_turns = []
    for _ in range(3):
        with counting() as asked:
            ada.get("/radar")
        asked_by_turns.append(list(asked.mongodb))
    assert asked_by_turns[0] == [*asked_by_turns[1], "insert"]
    assert asked_by_turns[1] == asked_by_turns[2] == ["find"] * 3


def test_starting_and_finishing_cost_no_more_with_a_longer_past(
    counting: Counting, cast: Cast, browser: Callable[[int | None], Browser]
) -> None:
    ada = browser(cast.ada)
    archive.keep(get_bank().sources.values())
    costs = []
    for _ in range(3):
        with counting() as asked:
            path = ada.post("/assessments/language/attempts").location
            ada.post(f"{path}/finish", {"seq": "1"})
        costs.append(asked.counts)
    assert costs == [costs[0]] * 3
    assert costs[0] <= (3, 14)


@pytest.mark.parametrize(
    ("page", "costs"),
    [
        ("/bank", (2, 2)),
        ("/bank?status=live", (1, 2)),
        ("/bank?page=3&health=unmeasured", (1, 2)),
        ("/bank/items/{item_id}", (2, 4)),
    ],
)
def test_an_authors_page_costs_a_look_at_who_it_is_at_reports_and_at_how_items_do_and_reads_no_file_of_the_bank(
    counting: Counting, cast: Cast, browser: Callable[[int | None], Browser], page: str, costs: tuple[int, int]
) -> None:
    vera = browser(cast.vera)
    path = page.format(item_id=next(iter(get_bank().items)))
    vera.get(path)

    with counting() as asked, opening() as opened:
        assert vera.get(path).status_code == 200

    assert asked.counts == costs
    assert opened == []


def test_a_result_looks_once_at_the_file_of_proofs_however_long_it_is(
    cast: Cast, browser: Callable[[int | None], Browser]
) -> None:
    attempt = take("placement", learner_id=cast.ada, now=NOON)
    save_proofs([a_proof_result(place.item_version) for place in attempt.form])
    ada = browser(cast.ada)
    path = f"/attempts/{attempt.id}/result"
    with opening() as opened:
        ada.get(path)
        assert "Key proved by running it" in ada.get(path).text
    assert [Path(name).name for name in opened] == ["proofs.json"]


def test_a_result_reads_the_learners_past_once_however_long_it_is(
    counting: Counting, cast: Cast, browser: Callable[[int | None], Browser]
) -> None:
    ada = browser(cast.ada)
    costs = []
    for _ in range(3):
        attempt = take("language", learner_id=cast.ada, now=NOON)
        path = f"/attempts/{attempt.id}/result"
        ada.get(path)  # next steps are stored when they are first shown
        with counting() as asked:
            assert ada.get(path).status_code == 200
        costs.append(asked.counts)
        assert set(asked.mongodb) == {"find"}
    who_and_reports = 2
    attempt_past_profile_times_late_and_steps = 6
    assert costs == [(who_and_reports, attempt_past_profile_times_late_and_steps)] * 3


def test_practising_costs_the_same_however_much_was_practised(
    counting: Counting, cast: Cast, browser: Callable[[int | None], Browser]
) -> None:
    ada = browser(cast.ada)
    take("language", learner_id=cast.ada, now=NOON)
    archive.keep(get_bank().sources.values())
    costs = []
    for _ in range(4):
        steps = []
        with counting() as asked:
            page = ada.get("/practice/tools").text
        steps.append(list(asked.mongodb))
        place = form(page, "/practice/tools/answers")
        with counting() as asked:
            answered = ada.post_bare(place.action, place.sent())
        steps.append(list(asked.mongodb))
        with counting() as asked:
            assert ada.get(answered.location).status_code == 200
        steps.append(list(asked.mongodb))
        costs.append(steps)
    live = sum(len(get_bank().live_by_topic[topic.id]) for topic in get_bank().roadmap.area("tools").topics)
    cards = ceil(live / documents.AT_ONCE)
    assert costs == [[["find"] * (3 + cards), ["find"] * 2 + ["insert"], ["find"] * 2]] * 4


@pytest.mark.parametrize("page", ["/practice", "/practice/due"])
def test_seeing_what_is_due_costs_three_questions_and_one_look_at_who_it_is(
    counting: Counting, cast: Cast, browser: Callable[[int | None], Browser], page: str
) -> None:
    ada = browser(cast.ada)
    for _ in range(2):
        take("language", learner_id=cast.ada, now=NOON, wrong=range(12))
        with counting() as asked:
            assert "items due today" in ada.get(page).text
        assert asked.counts == (1, 3)


@pytest.mark.parametrize("page", ["/", "/assessments"])
def test_what_is_assigned_costs_one_look_however_much_it_is(
    counting: Counting, cast: Cast, browser: Callable[[int | None], Browser], page: str
) -> None:
    now, ada = clock.now(), browser(cast.ada)
    costs = []
    for number in range(3):
        cohort = cohorts.create_cohort(f"Team {number}", lead_id=cast.lena, now=now)
        cohorts.join(cohorts.invite(cohort.public_id, lead_id=cast.lena, now=now), user_id=cast.ada, now=now)
        for slug in ("tools", "language-adaptive"):
            assignments.make_assignment(
                cohort.public_id,
                lead_id=cast.lena,
                assessment_slug=slug,
                opens_at=None,
                closes_at=now + timedelta(days=1),
                attempts_allowed=2,
                release=Release.NEVER,
                now=now,
            )
        with counting() as asked:
            assert f"Team {number}" in ada.get(page).text
        costs.append(asked.counts)
    assert len(set(costs)) == 1
    assert costs[0][0] == (3 if page == "/" else 2)  # home also says which leads ask for more


@pytest.mark.parametrize(("slug", "practice_items"), [("tools", None), ("tools", 5)])
def test_how_far_everybody_is_costs_one_look_at_who_they_are_and_one_at_what_they_did(
    counting: Counting, cast: Cast, browser: Callable[[int | None], Browser], slug: str, practice_items: int | None
) -> None:
    now = clock.now()
    cohort = cohorts.create_cohort("Team", lead_id=cast.lena, now=now)
    lena = browser(cast.lena)
    token = cohorts.invite(cohort.public_id, lead_id=cast.lena, now=now)
    made = assignments.make_assignment(
        cohort.public_id,
        lead_id=cast.lena,
        assessment_slug=slug,
        practice_items=practice_items,
        opens_at=None,
        closes_at=now + timedelta(days=1),
        attempts_allowed=2,
        release=Release.NEVER,
        now=now,
    )
    costs = []
    for size in (1, 12):
        for number in range(size):
            learner_id = add_person(f"learner{size}-{number}@example.org", f"Learner {size}-{number}")
            cohorts.join(token, user_id=learner_id, now=now)
            if practice_items is None:
                assignments.start_assigned(made.public_id, learner_id=learner_id, now=now)
        for page in (f"/assignments/{made.public_id}", f"/cohorts/{cohort.public_id}/assignments"):
            with counting() as asked:
                assert f"Learner {size}-0" in lena.get(page).text
            costs.append(asked.counts)
    who_which_learners_and_reminded = 4
    who_cohort_members_which_names = 5
    assert costs == [(who_which_learners_and_reminded, 1), (who_cohort_members_which_names, 1)] * 2


def test_a_rest_costs_one_more_look_at_a_start(counting: Counting, cast: Cast) -> None:
    costs = []
    for rest in (timedelta(), timedelta(), timedelta(days=1)):  # whoever is first keeps the items' files
        with counting() as asked:
            started = start_attempt("tools", learner_id=cast.ada, now=NOON, seed=1, retake_after=rest)
        costs.append([name for name in asked.mongodb if name != "insert"])
        documents.collection("attempts").delete_one({"_id": started.id})
    assert costs[2] == [*costs[1], "find"]


def test_the_pages_of_admins_ask_no_more_of_sql_for_many_people_and_events(
    counting: Counting, browser: Callable[[int | None], Browser]
) -> None:
    adam = browser(add_admin("adam@example.org", "Adam"))
    costs = []
    for people in (1, 20):
        for number in range(people):
            browser(add_person(f"{people}.{number}@example.org", str(number)))
        for path in ("/admin/people", "/admin/audit"):
            with counting() as asked:
                assert adam.get(path).status_code == 200
            costs.append((path, len(asked.sql)))
            assert asked.mongodb == []
    assert costs == [("/admin/people", 2), ("/admin/audit", 3)] * 2
