"""How each kind of step is told, and that the way on is there."""

from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask, render_template

from tests.conftest import NOON
from tests.scoring.builders import an_attempt, responses
from tracker.scoring.drift import aged
from tracker.scoring.fold import fold
from tracker.scoring.next_steps import NextStep, next_steps
from tracker.services.next_steps import ShownSteps
from tracker.storage.question_bank import get_bank

EVIDENCE = ("Why this step", "Decided on", "scoring model", "item parameters 0")


def told(app: Flask, *steps: NextStep) -> str:
    """The words and addresses of these steps on a page."""
    made = ShownSteps(NOON, ("a1",), 4, 0, get_bank().roadmap, steps)
    with app.test_request_context("/"):
        return " ".join(unescape(render_template("_steps.html", steps=made)).replace("\N{NO-BREAK SPACE}", " ").split())


def a_step(**fields: object) -> NextStep:
    """A step about REST, of somebody who knows JSON and got two of twelve in REST right."""
    roadmap = get_bank().roadmap
    attempt = an_attempt(*responses("apis/json", right=9), *responses("apis/rest", right=2, wrong=10))
    now = attempt.finished_at + timedelta(days=1)
    steps = next_steps(aged(fold([attempt]), now), roadmap=roadmap, attempts=[attempt], now=now)
    step = next(step for step in steps if step.topic_id == "apis/rest")
    return replace(step, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"rule": "learn-1"}, ("Learn ", "Read ", "Practise it", "Then take the quiz")),
        ({"rule": "prerequisite-1", "unlocks": ("apis/drf",)}, ("First learn ", "builds on it.")),
        ({"rule": "review-1"}, ("Refresh ", "time has passed, and now it is")),
        ({"rule": "practise-1"}, ("Practise ", "one more quiz alone would settle it in only")),
        ({"rule": "measure-1"}, ("Show what you know of ", "judged by little of its own", " Take the quiz")),
        ({"rule": "confirm-1"}, ("Make sure of ", " Take the quiz")),
        (
            {"rule": "pause-1", "due": NOON},
            ("Rest, then come back to ", "will be the first to be unsure", "2 Nov 2026"),
        ),
        ({"rule": "pause-1"}, ("Nothing to do for now", "is the least sure of them")),
    ],
)
def test_a_step_says_what_to_do_and_why_and_leads_there(
    app: Flask, fields: dict[str, object], words: tuple[str, ...]
) -> None:
    step = a_step(**fields)
    assert step.evidence

    page = told(app, step)

    for part in (*words, *EVIDENCE, step.rule):
        assert part in page
    assert f'href="/assessments/{step.evidence.quiz}"' in page
    for record in step.evidence.records:
        assert f'href="/attempts/{record.attempt_id}/result#{record.item_id.replace("/", "-")}"' in page
    for prerequisite in step.evidence.prerequisites:
        assert f"It builds on {get_bank().roadmap.topic(prerequisite.topic_id).name}" in page


def test_of_many_topics_that_wait_three_are_named(app: Flask) -> None:
    roadmap = get_bank().roadmap
    waiting = tuple(topic.id for topic in roadmap.area("frameworks").topics)

    assert "Django, Flask, FastAPI build on it." in told(app, a_step(unlocks=waiting))
    assert "Django, Flask, FastAPI and 2 more build on it." in told(
        app, a_step(unlocks=(*waiting, "apis/drf", "tools/git"))
    )


def test_no_chance_is_ever_told_as_certain(app: Flask) -> None:
    step = a_step()
    assert step.evidence

    assert "is more than 99 %" in told(app, replace(step, evidence=replace(step.evidence, mastery=0.9999)))
    assert "is less than 1 %" in told(app, replace(step, evidence=replace(step.evidence, mastery=0.0001)))


def test_who_never_answered_is_led_to_the_placement(app: Flask) -> None:
    page = told(app, NextStep(rule="start-1"))

    assert "Take the placement" in page
    assert 'href="/assessments/placement"' in page
