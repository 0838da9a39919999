"""The scale and its words."""

import pytest

from tracker.scoring.author_prior import item_parameters
from tracker.scoring.irt import probability
from tracker.scoring.levels import LEVELS, MIDDLE, PROFICIENT_CUT, UNIT, level_of, percent, to_score

from .builders import a_response, an_ability


@pytest.mark.parametrize(
    ("theta", "value"), [(0, 500), (0.5, 550), (-1.234, 375), (1.13, 615), (-7, 100), (7, 900), (0.026, 505)]
)
def test_scores_are_500_and_100_a_logit_rounded_to_5_and_clipped(theta: float, value: int) -> None:
    assert to_score(an_ability(theta), responses=9, is_enough=True).value == value


def test_the_interval_is_the_abilitys_quantiles_on_the_same_scale() -> None:
    score = to_score(an_ability(0.5, 0.4), responses=9, is_enough=True)
    assert (score.low, score.high) == (485, 615)
    assert (to_score(an_ability(5.5, 1), responses=9, is_enough=True).high) == 900


@pytest.mark.parametrize(
    ("value", "level"),
    [
        (100, "Foundation"),
        (420, "Foundation"),
        (425, "Developing"),
        (545, "Developing"),
        (550, "Proficient"),
        (645, "Proficient"),
        (650, "Expert"),
        (900, "Expert"),
    ],
)
def test_a_level_begins_at_its_cut(value: int, level: str) -> None:
    assert level_of(value) == level


def test_the_word_follows_the_printed_score() -> None:
    """An ability a hair below the cut is printed as 550, so it is called what 550 is called."""
    score = to_score(an_ability(PROFICIENT_CUT - 0.01), responses=9, is_enough=True)
    assert (score.value, score.level) == (550, "Proficient")


def test_without_enough_evidence_there_is_no_word() -> None:
    score = to_score(an_ability(3), responses=4, is_enough=False)
    assert (score.level, score.is_enough, score.responses) == (None, False, 4)


@pytest.mark.parametrize(("level", "share"), [("Developing", 0.50), ("Proficient", 0.71), ("Expert", 0.85)])
def test_the_cuts_mean_what_the_convention_says(level: str, share: float) -> None:
    cut = next((one.lowest - MIDDLE) / UNIT for one in LEVELS if one.name == level)
    middling = item_parameters([a_response(difficulty=3, guessing=0.25)])
    assert probability(cut, *middling)[0] == pytest.approx(share, abs=0.005)


@pytest.mark.parametrize(
    ("chance", "printed"),
    [(0, 1), (0.001, 1), (0.05, 5), (0.0501, 6), (0.5, 50), (0.57, 57), (0.7999, 79), (0.8, 80), (0.9999, 99), (1, 99)],
)
def test_a_chance_is_never_printed_surer_than_it_is(chance: float, printed: int) -> None:
    assert percent(chance) == printed
