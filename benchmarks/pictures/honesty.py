"""Whether intervals hold what they promise, and what topics gain from their areas."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from benchmarks.pictures.chart import COLOURS, GREY, Chart
from benchmarks.pictures.world import World
from tracker.assessment.response import Response
from tracker.scoring.ability import Ability, eap
from tracker.scoring.author_prior import item_parameters
from tracker.scoring.fold import fold
from tracker.scoring.profile import Profile
from tracker.scoring.structure import TOPIC_SD

COUNTS = (10, 20, 50, 100)
LABEL_SDS = (0.5, 0.8, 1.1)
PEOPLE = 500
NOMINAL = 0.9
PRIOR_SD = float(np.sqrt(1 + TOPIC_SD**2))


class Honesty(NamedTuple):
    """One test length under one error of authors: shares of intervals that hold the truth, and errors in logits."""

    items: int
    label_sd: float
    of_areas: float
    of_topics: float
    area_rmse: float
    own_rmse: float
    through_area_rmse: float
    joint_rmse: float


def measure(seed: int) -> list[Honesty]:
    """Every length under every error of authors. A topic's own estimate counts only where it has an answer."""
    return [_measure(count, label_sd, seed) for label_sd in LABEL_SDS for count in COUNTS]


def _measure(count: int, label_sd: float, seed: int) -> Honesty:
    world = World(seed + count, label_sd=label_sd)
    area_held, topic_held, area_errors, own, through, joint = [], [], [], [], [], []
    for _ in range(PEOPLE):
        person = world.person()
        attempt = world.attempt(person, world.form(count))
        profile = fold([attempt])
        for slug, truth in person.areas.items():
            known = profile.area(slug).ability
            area_held.append(_holds(known, truth))
            area_errors.append(known.theta - truth)
        for topic_id, truth in person.topics.items():
            known = profile.topic(topic_id).ability
            topic_held.append(_holds(known, truth))
            answers = [response for response in attempt.responses if response.topic_id == topic_id]
            if answers:
                own.append(_own(answers) - truth)
                through.append(_area_of(profile, topic_id) - truth)
                joint.append(known.theta - truth)
    return Honesty(
        count,
        label_sd,
        float(np.mean(area_held)),
        float(np.mean(topic_held)),
        *(_rmse(errors) for errors in (area_errors, own, through, joint)),
    )


def draw_coverage(rows: Sequence[Honesty]) -> str:
    """The share of 90 % intervals that hold the truth, against the number of items."""
    chart = Chart(
        "The share of 90 % intervals that hold the truth, against the number of items",
        "items answered",
        "intervals that hold the truth",
        x_ticks=(0, 20, 40, 60, 80, 100),
        y_ticks=(0.8, 0.85, 0.9, 0.95, 1),
        y_text="{:.0%}".format,
    )
    chart.line([(0, NOMINAL), (100, NOMINAL)], GREY, "promised", dash="4 4")
    for label_sd, colour in zip(LABEL_SDS, COLOURS, strict=False):
        mine = [row for row in rows if row.label_sd == label_sd]
        chart.line([(row.items, row.of_areas) for row in mine], colour, f"areas, authors err {label_sd}")
        chart.line([(row.items, row.of_topics) for row in mine], colour, dash="2 3")
    chart.names.append(("dotted: topics", GREY))
    return chart.svg()


def draw_topics(rows: Sequence[Honesty]) -> str:
    """How far off a topic's estimate is, by what it is made from."""
    chart = Chart(
        "The error of a topic's estimate against the number of items, by what it is made from",
        "items answered, over all 29 topics",
        "error (points)",
        x_ticks=(0, 20, 40, 60, 80, 100),
        y_ticks=(0, 0.25, 0.5, 0.75, 1, 1.25),
        y_text=lambda error: f"{100 * error:g}",
    )
    usual = [row for row in rows if row.label_sd == LABEL_SDS[1]]
    for name, colour, field in (
        ("its own answers", COLOURS[1], "own_rmse"),
        ("its area's score", COLOURS[2], "through_area_rmse"),
        ("both, jointly", COLOURS[0], "joint_rmse"),
    ):
        points = [(row.items, getattr(row, field)) for row in usual]
        chart.line(points, colour, name)
        chart.dots(points, colour)
    return chart.svg()


def table(rows: Sequence[Honesty]) -> str:
    """All figures, a row each."""
    lines = [
        f"| {row.items} | {row.label_sd} | {row.of_areas:.1%} | {row.of_topics:.1%} | {100 * row.area_rmse:.0f} "
        f"| {100 * row.own_rmse:.0f} | {100 * row.through_area_rmse:.0f} | {100 * row.joint_rmse:.0f} |"
        for row in rows
    ]
    return "\n".join(
        [
            "| items | authors err | areas held | topics held | area error | topic: own | topic: area | topic: joint |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |",
            *lines,
        ]
    )


def _own(answers: Sequence[Response]) -> float:
    return eap([answer.mark for answer in answers], *item_parameters(answers), sd=PRIOR_SD).theta


def _area_of(profile: Profile, topic_id: str) -> float:
    return profile.area(topic_id.partition("/")[0]).ability.theta


def _holds(ability: Ability, truth: float) -> bool:
    return ability.low <= truth <= ability.high


def _rmse(errors: Sequence[float]) -> float:
    return float(np.sqrt(np.mean(np.square(errors))))
