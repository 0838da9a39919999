"""What may be said of a change: nothing that is less than 95 % sure."""

import pytest

from tracker.scoring.change import Change


@pytest.mark.parametrize(
    ("improved", "claim", "direction", "percent"),
    [
        (0.93, "not sure", "higher", 93),
        (0.9499, "not sure", "higher", 94),
        (0.95, "risen", "higher", 95),
        (0.9999, "risen", "higher", 99),
        (0.5, "not sure", "higher", 50),
        (0.31, "not sure", "lower", 69),
        (0.0501, "not sure", "lower", 94),
        (0.05, "fallen", "lower", 95),
    ],
)
def test_a_change_is_claimed_exactly_where_the_printed_percentage_says_so(
    improved: float, claim: str, direction: str, percent: int
) -> None:
    change = Change(improved)
    assert (change.claim, change.direction, change.percent) == (claim, direction, percent)
