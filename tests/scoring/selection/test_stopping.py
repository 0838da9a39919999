"""Each rule that ends a test, fired in a case made for it, and named."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from tracker.assessment.attempt import Stop
from tracker.scoring import grid, irt
from tracker.scoring.selection import Selector, StopRules, Turn

from .builders import a_bank, a_posterior, a_turn, whole_quotas

BANK = a_bank(60, topics=4, areas=2)
SELECTOR = Selector(BANK)
QUOTAS = whole_quotas(BANK, 5)
ALL_RULES = StopRules(time=timedelta(minutes=10), cuts=(-1.0, 1.0))
TWO_OF_EACH_TOPIC = [int(item) for topic in range(4) for item in np.flatnonzero(BANK.topic == topic)[:2]]
WIDE, NARROW = a_posterior(0.9, 0.8), a_posterior(0.9, 0.44)


def stop(turn: Turn, rules: StopRules = ALL_RULES, *, minutes: float = 1) -> Stop | None:
    return SELECTOR.should_stop(turn, rules, reported=turn.posteriors[:2], elapsed=timedelta(minutes=minutes))


def a_middle_turn(posterior: irt.FloatArray = WIDE) -> Turn:
    """After two items of each topic."""
    return a_turn(BANK, QUOTAS, given=TWO_OF_EACH_TOPIC, posterior=posterior)


def test_nothing_ends_a_test_that_goes_well() -> None:
    assert stop(a_turn(BANK, QUOTAS)) is None
    assert stop(a_middle_turn()) is None


def test_the_time_is_up() -> None:
    assert stop(a_middle_turn(), minutes=9.9) is None
    assert stop(a_middle_turn(), minutes=10) == "time"


def test_the_test_has_its_full_length() -> None:
    five_of_each = [int(item) for topic in range(4) for item in np.flatnonzero(BANK.topic == topic)[:5]]
    assert stop(a_turn(BANK, QUOTAS, given=five_of_each)) == "length"


def test_no_item_is_left() -> None:
    turn = a_middle_turn()
    one_left = np.setdiff1d(np.arange(BANK.size), turn.given)[1:]
    assert stop(replace(turn, excluded=one_left), StopRules(gain=None)) is None
    assert stop(replace(turn, excluded=np.arange(BANK.size))) == "exhausted"


def test_the_standard_error_of_every_reported_ability_is_small_enough() -> None:
    turn = a_middle_turn(NARROW)
    assert stop(turn) == "precision"
    one_is_wide = np.stack((WIDE, NARROW, NARROW, NARROW))
    assert stop(replace(turn, posteriors=one_is_wide)) is None
    assert stop(turn, StopRules(standard_error=None)) is None


def test_every_reported_ability_is_clearly_on_one_side_of_every_cut() -> None:
    clear = a_posterior(0, 0.6)  # 1.67 standard errors from either cut
    assert stop(a_middle_turn(clear)) == "classification"
    assert stop(a_middle_turn(a_posterior(0.1, 0.6))) is None
    assert stop(a_middle_turn(clear), StopRules()) is None


def test_no_item_left_would_lower_a_standard_error_enough() -> None:
    far_off = replace(BANK, b=BANK.b - 9, c=np.full(BANK.size, 0.25))
    selector = Selector(far_off)
    rules = StopRules()
    found = selector.should_stop(a_middle_turn(), rules, reported=WIDE[None], elapsed=timedelta())
    assert found == "gain"
    without = selector.should_stop(a_middle_turn(), replace(rules, gain=None), reported=WIDE[None], elapsed=timedelta())
    assert without is None


@pytest.mark.parametrize("gain", [0.02, 0.04, 0.06, 0.08])
def test_the_gain_is_what_the_best_items_answers_would_leave_on_average(gain: float) -> None:
    turn = a_middle_turn()
    mean, now = grid.moments(grid.COARSE, WIDE)
    left = np.setdiff1d(np.arange(BANK.size), turn.given)
    a = BANK.curves.a
    best = left[irt.information(mean, a[left], BANK.b[left], BANK.c[left]).argmax()]
    p = irt.probability(grid.COARSE, a[best], BANK.b[best], BANK.c[best])
    right = WIDE @ p
    variances = [
        grid.moments(grid.COARSE, weights)[1] ** 2 for weights in (WIDE * p / right, WIDE * (1 - p) / (1 - right))
    ]
    expected = now - np.sqrt(right * variances[0] + (1 - right) * variances[1])
    assert stop(turn, StopRules(gain=gain)) == ("gain" if expected < gain else None)


def test_no_area_is_judged_before_its_second_item() -> None:
    area_of_item = BANK.area_of_topic[BANK.topic]
    many_of_one, one_of_other = np.flatnonzero(area_of_item == 0)[:9], np.flatnonzero(area_of_item == 1)[:1]
    turn = replace(a_middle_turn(NARROW), given=np.concatenate((many_of_one, one_of_other)))
    assert stop(turn) is None
    assert stop(replace(turn, given=np.append(turn.given, np.flatnonzero(area_of_item == 1)[1]))) == "precision"


def test_what_cannot_be_helped_is_named_before_what_was_reached() -> None:
    turn = a_middle_turn(a_posterior(0, 0.4))
    assert stop(turn, minutes=11) == "time"
    assert stop(replace(turn, excluded=np.arange(BANK.size))) == "exhausted"
    assert stop(turn) == "precision"


def test_items_given_too_often_everywhere_are_not_taken_for_items_that_tell_nothing() -> None:
    turn = a_middle_turn()
    rules = StopRules(standard_error=None, gain=0.01)
    assert stop(turn, rules) is None
    assert stop(replace(turn, exposure=np.full(BANK.size, 0.5)), rules) is None
