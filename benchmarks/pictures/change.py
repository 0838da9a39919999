"""What time does: intervals of people who grow, and whether claims of improvement come true."""

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from benchmarks.pictures.chart import COLOURS, GREY, Chart
from benchmarks.pictures.world import MONTH, START, World
from tracker.assessment.parameters import AREA_WALK, TOPIC_WALK
from tracker.assessment.response import MarkedAttempt
from tracker.scoring.ability import Z
from tracker.scoring.fold import fold, states
from tracker.scoring.irt import FloatArray
from tracker.scoring.path import area_path, chances_improved

MONTHS = 12
ITEMS = 15
PEOPLE = 600
CLAIM = 0.95
RISE = 0.8  # logits in the year, of the person whose picture is drawn


class Lives(NamedTuple):
    """n people over k monthly attempts in one area, in logits, each of shape (n, k): what was true, reported (and its
    90 % interval), what pooling all answers would have said (likewise), and seen from the end (mean and deviation);
    chance, shape (n,): of being better at the end than at the first attempt.
    """

    truth: FloatArray
    reported: FloatArray
    reported_low: FloatArray
    reported_high: FloatArray
    pooled_low: FloatArray
    pooled_high: FloatArray
    smoothed: FloatArray
    smoothed_sd: FloatArray
    chance: FloatArray


class Change(NamedTuple):
    """Shares of intervals that hold the truth, and of claims of a change that are false."""

    reported: float
    pooled: float
    smoothed: float
    claims: int
    false_claims: float


def simulate(seed: int) -> Lives:
    """People whose abilities walk as the model expects, each month an attempt in one area."""
    world = World(seed)
    slug = "databases"
    topic_ids = [topic_id for topic_id in world.items if topic_id.startswith(f"{slug}/")]
    lives = []
    for _ in range(PEOPLE):
        person = world.person()
        attempts, truth = [], []
        for month in range(MONTHS):
            if month:
                person = world.later(person, area_walk=AREA_WALK, topic_walk=TOPIC_WALK)
            attempts.append(world.attempt(person, world.form(ITEMS, topic_ids), month=month))
            truth.append(person.areas[slug])
        lives.append((truth, *_known(attempts, slug)))
    return Lives(*(np.array(values) for values in zip(*lives, strict=True)))


def summarised(lives: Lives) -> Change:
    """What the lives add up to."""
    spread = Z * lives.smoothed_sd
    claimed = lives.chance >= CLAIM
    risen = lives.truth[:, -1] > lives.truth[:, 0]
    return Change(
        reported=_held(lives.reported_low, lives.truth, lives.reported_high),
        pooled=_held(lives.pooled_low[:, 4:], lives.truth[:, 4:], lives.pooled_high[:, 4:]),
        smoothed=_held(lives.smoothed - spread, lives.truth, lives.smoothed + spread),
        claims=int(claimed.sum()),
        false_claims=float(np.mean(~risen[claimed])) if claimed.any() else 0.0,
    )


def draw_life(lives: Lives) -> str:
    """One person: what was true, what was reported then, what is known of it from the end."""
    one = int(np.argmin(np.abs(lives.truth[:, -1] - lives.truth[:, 0] - RISE)))
    months = range(MONTHS)
    chart = Chart(
        "One simulated year: the truth, what was reported each month, and what is known of it at the end",
        "month",
        "score",
        x_ticks=(*tuple(range(0, MONTHS, 2)), MONTHS - 1),
        y_ticks=(-2, -1, 0, 1, 2, 3),
        y_text=lambda theta: f"{500 + 100 * theta:g}",
    )
    spread = Z * lives.smoothed_sd[one]
    low, high = lives.smoothed[one] - spread, lives.smoothed[one] + spread
    chart.band(_points(months, low), _points(months, high), COLOURS[0])
    chart.line(_points(months, lives.smoothed[one]), COLOURS[0], "seen from the end")
    spans = zip(months, lives.reported_low[one].tolist(), lives.reported_high[one].tolist(), strict=True)
    chart.spans(spans, COLOURS[1])
    chart.dots(_points(months, lives.reported[one]), COLOURS[1], "reported then")
    chart.line(_points(months, lives.truth[one]), GREY, "the truth", dash="4 4")
    return chart.svg()


def draw_claims(lives: Lives) -> str:
    """Of those said to have improved with a probability, the share that had."""
    edges = np.linspace(0, 1, 6)
    chart = Chart(
        "Of those said to have improved with a probability, the share that really had",
        "probability of an improvement, as said",
        "share that improved",
        x_ticks=(0, 0.2, 0.4, 0.6, 0.8, 1),
        y_ticks=(0, 0.2, 0.4, 0.6, 0.8, 1),
        x_text="{:.0%}".format,
        y_text="{:.0%}".format,
    )
    chart.line([(0, 0), (1, 1)], GREY, "as promised", dash="4 4")
    risen = lives.truth[:, -1] > lives.truth[:, 0]
    points, spans = [], []
    for low, high in itertools.pairwise(edges):
        inside = (lives.chance >= low) & (lives.chance <= high)
        if inside.any():
            share, said = float(risen[inside].mean()), float(lives.chance[inside].mean())
            error = Z * float(np.sqrt(max(share * (1 - share), 0.25 / inside.sum()) / inside.sum()))
            points.append((said, share))
            spans.append((said, max(0, share - error), min(1, share + error)))
    chart.spans(spans, COLOURS[0])
    chart.dots(points, COLOURS[0], "simulated people")
    return chart.svg()


def _known(attempts: Sequence[MarkedAttempt], slug: str) -> tuple[object, ...]:
    after = list(states(attempts))[1:]
    reported = [state.area(slug).ability for state in after]
    pooled = [fold([_at_once(attempts[: count + 1])]).area(slug).ability for count in range(len(attempts))]
    path = area_path(after[-1])
    at = [area.slug for area in after[-1].areas].index(slug)
    return (
        [ability.theta for ability in reported],
        [ability.low for ability in reported],
        [ability.high for ability in reported],
        [ability.low for ability in pooled],
        [ability.high for ability in pooled],
        path.mean[:, at],
        np.sqrt(path.covariance[:, at, at]),
        chances_improved(path, later=len(attempts) - 1)[0, at],
    )


def _at_once(attempts: Sequence[MarkedAttempt]) -> MarkedAttempt:
    """All answers as if they had been given on one day: what a score without time would rest on."""
    responses = tuple(response for attempt in attempts for response in attempt.responses)
    return MarkedAttempt("all", START + MONTHS * MONTH, responses)


def _held(low: FloatArray, truth: FloatArray, high: FloatArray) -> float:
    return float(np.mean((low <= truth) & (truth <= high)))


def _points(months: range, values: FloatArray) -> list[tuple[float, float]]:
    return list(zip(months, values.tolist(), strict=True))
