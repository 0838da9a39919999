"""Pictures of what is known: an item's curve, an ability after some answers."""

import math

import numpy as np

from benchmarks.pictures.chart import COLOURS, GREY, Chart
from benchmarks.pictures.world import World
from tracker.scoring import grid
from tracker.scoring.ability import Z
from tracker.scoring.author_prior import by_level, flattened
from tracker.scoring.irt import log_likelihood, probability

GUESSING = 0.25
CALIBRATED_ERROR = 0.24  # logits, what some 200 answers leave
COUNTS = (0, 5, 15, 40)


def draw_item() -> str:
    """The curve of an item of level 3 as its author alone lets us know it, and after some 200 answers."""
    theta = np.linspace(-3, 3, 61)
    chart = Chart(
        "The chance of a right answer against ability, for one item, with what is not known of it",
        "ability (score)",
        "chance of a right answer",
        x_ticks=(-3, -2, -1, 0, 1, 2, 3),
        y_ticks=(0, 0.25, 0.5, 0.75, 1),
        x_text=_score,
        y_text="{:.0%}".format,
    )
    known = by_level(3)
    for error, colour, name in (
        (known.b_error, COLOURS[1], "by its author's level"),
        (CALIBRATED_ERROR, COLOURS[0], "after 200 answers"),
    ):
        spread = Z * error
        easier, harder = (probability(theta, known.a, known.b + shift, GUESSING) for shift in (-spread, spread))
        chart.band(_points(theta, harder), _points(theta, easier), colour)
        chart.line(_points(theta, probability(theta, flattened(known.a, error**2), known.b, GUESSING)), colour, name)
    return chart.svg()


def draw_answers(world: World) -> str:
    """What one person's answers in one area let us know of them, more and more."""
    points = grid.FINE
    theta = 0.8
    given = world.form(COUNTS[-1], [topic_id for topic_id in world.items if topic_id.startswith("databases/")])
    person = world.person()
    topics = dict.fromkeys(person.topics, theta)
    answers = [world.answer(type(person)(person.areas, topics), item) for item in given]
    chart = Chart(
        "The distribution of one ability after 0, 5, 15 and 40 answers",
        "ability (score)",
        "how likely",
        x_ticks=(-3, -2, -1, 0, 1, 2, 3),
        y_ticks=(0, 0.5, 1, 1.5),
        x_text=_score,
        y_text=lambda _: "",
    )
    step = points[1] - points[0]
    for count, colour in zip(COUNTS, (GREY, *COLOURS), strict=False):
        weights = grid.log_normal(points, 0, 1)
        for answer in answers[:count]:
            known = by_level(answer.difficulty)
            a, b, c = flattened(known.a, known.b_error**2), known.b, answer.guessing
            weights = weights + log_likelihood(points, [answer.mark], [a], [b], [c])
        density = grid.normalised(weights) / step
        chart.line(_points(points[30:91], density[30:91]), colour, f"{count} answers")
    chart.line([(theta, 0), (theta, 1.5)], GREY, "the truth", dash="4 4")
    return chart.svg()


def _score(theta: float) -> str:
    return f"{500 + 100 * theta:g}"


def _points(x: np.ndarray, y: np.ndarray) -> list[tuple[float, float]]:
    return [(float(one), float(other)) for one, other in zip(x, y, strict=True) if not math.isnan(other)]
