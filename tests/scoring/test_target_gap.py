"""Below, at or above target, and whether that is sure."""

import pytest

from tests.builders import a_score
from tracker.assessment.sees import Sees
from tracker.scoring.sight import seen
from tracker.scoring.target_gap import Gap, target_gap


@pytest.mark.parametrize(
    ("value", "low", "high", "wanted", "gap"),
    [
        (400, 380, 420, "Proficient", Gap("below", "Proficient", is_sure=True)),
        (500, 450, 550, "Proficient", Gap("below", "Proficient", is_sure=False)),
        (600, 560, 640, "Proficient", Gap("at", "Proficient", is_sure=True)),
        (600, 540, 660, "Proficient", Gap("at", "Proficient", is_sure=False)),
        (700, 600, 800, "Proficient", Gap("above", "Proficient", is_sure=True)),
        (700, 500, 800, "Proficient", Gap("above", "Proficient", is_sure=False)),
        (300, 200, 400, "Foundation", Gap("at", "Foundation", is_sure=True)),
    ],
)
@pytest.mark.parametrize("sees", Sees)
def test_a_gap_is_told_by_levels_and_sure_when_nothing_is_open_about_reaching_the_target(
    value: int, low: int, high: int, wanted: str, gap: Gap, sees: Sees
) -> None:
    assert target_gap(seen(a_score(value, low=low, high=high), sees), wanted) == gap


def test_there_is_no_gap_without_a_target_or_without_enough_evidence() -> None:
    assert target_gap(seen(a_score(400), Sees.SCORES), None) is None
    assert target_gap(seen(a_score(400, level=None, is_enough=False), Sees.SCORES), "Expert") is None
