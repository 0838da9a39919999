"""`flask demo …`"""

from dataclasses import replace

import pytest
from flask import Flask

from tests.conftest import NOON, add_person, empty_stores
from tests.web.stored import everything
from tracker import clock
from tracker.services import accounts, attempts, demo
from tracker.services.demo import LEAD_EMAIL


def test_filling_says_what_was_made_and_how_to_sign_in(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "NAMES", demo.NAMES[:1])

    result = app.test_cli_runner().invoke(args=["demo", "fill"])

    made, how = result.output.splitlines()[-2:]
    password = how.split()[-1]
    assert result.exit_code == 0
    assert made == f"1 learners took {len(everything()['attempts'])} quizzes in the cohort {demo.COHORT_NAME}."
    assert how.startswith(f"Sign in as its lead, {LEAD_EMAIL}, or as ada@demo.example;")
    assert accounts.check_password(email=LEAD_EMAIL, password=password, now=clock.now())


class SweptWhileAnswering(dict[str, float]):
    """What somebody can do in each area; a sweep, which lives today, comes by whenever that is looked up."""

    def __getitem__(self, area_slug: str) -> float:
        attempts.sweep(clock.now())
        return super().__getitem__(area_slug)


def test_what_the_sweep_of_a_running_server_cuts_short_is_told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = demo.plan_learners(NOON)[0]
    monkeypatch.setattr(demo, "plan_learners", lambda _: [replace(ada, theta=SweptWhileAnswering(ada.theta))])

    result = app.test_cli_runner().invoke(args=["demo", "fill"])

    cut = len(ada.quizzes)
    told = f"The sweep of the running server cut {cut} of them short. Filled without one, all are whole."
    assert told in result.output.splitlines()
    assert len(everything()["attempts"]) == cut


def test_filling_on_the_same_day_gives_the_same_forms_and_answers(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "NAMES", demo.NAMES[:1])

    first = _fill_and_read()
    empty_stores()

    assert _fill_and_read() == first


def test_a_demonstration_that_is_there_is_left_alone(app: Flask) -> None:
    add_person(LEAD_EMAIL, "Lena Lead")
    before = everything()

    result = app.test_cli_runner().invoke(args=["demo", "fill"])

    assert result.exit_code == 1
    assert result.output == f"Error: The demonstration is there already; its lead is {LEAD_EMAIL}.\n"
    assert everything() == before


def _fill_and_read() -> list[object]:
    """Fill the demonstration and give what was served and answered, in the order of time."""
    list(demo.fill(demo.plan_learners(NOON), now=NOON))
    taken = sorted(everything()["attempts"], key=lambda attempt: attempt["started_at"])
    return [(attempt["form"], [event["answer"] for event in attempt["events"]]) for attempt in taken]
