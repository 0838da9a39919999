"""Smoothing and claims of change: against conditioning on everything at once, and against draws."""

import numpy as np
import pytest

from tracker.scoring.drift import aged
from tracker.scoring.fold import fold, states
from tracker.scoring.path import Path, area_path, chances_improved, smooth

from .builders import an_attempt, responses


def a_walk_of_two() -> tuple[Path, np.ndarray, np.ndarray]:
    """Two abilities at three moments, each seen through noise; smoothed, and all six by conditioning at once."""
    rng = np.random.default_rng(20261129)
    prior, step, noise = (m @ m.T + 0.2 * np.eye(2) for m in rng.normal(0, 0.6, (3, 2, 2)))
    seen = rng.normal(0, 1, (3, 2))
    means, covariances = [], []
    mean, covariance = np.zeros(2), prior
    for at in range(3):
        covariance = covariance + (step if at else 0)
        gain = covariance @ np.linalg.inv(covariance + noise)
        mean, covariance = mean + gain @ (seen[at] - mean), covariance - gain @ covariance
        means.append(mean)
        covariances.append(covariance)
    path = smooth(np.array(means), np.array(covariances), np.stack([step, step]))

    whole = np.block([[prior + min(row, column) * step for column in range(3)] for row in range(3)])
    gain = whole @ np.linalg.inv(whole + np.kron(np.eye(3), noise))
    return path, gain @ seen.ravel(), whole - gain @ whole


def test_smoothing_is_conditioning_on_everything_at_once() -> None:
    path, mean, covariance = a_walk_of_two()
    np.testing.assert_allclose(path.mean.ravel(), mean, atol=1e-9)
    for at in range(3):
        np.testing.assert_allclose(path.covariance[at], covariance[2 * at : 2 * at + 2, 2 * at : 2 * at + 2], atol=1e-9)


@pytest.mark.parametrize("later", [1, 2])
def test_a_change_is_judged_from_both_moments_together(later: int) -> None:
    path, mean, covariance = a_walk_of_two()
    draws = np.random.default_rng(1).multivariate_normal(mean, covariance, size=400_000).reshape(-1, 3, 2)
    risen = [(draws[:, later] > draws[:, earlier]).mean(axis=0) for earlier in range(later)]
    np.testing.assert_allclose(chances_improved(path, later=later), risen, atol=0.004)


def test_before_the_first_moment_there_is_nothing_to_compare_with() -> None:
    assert chances_improved(a_walk_of_two()[0], later=0).shape == (0, 2)


@pytest.mark.parametrize("later", [-1, 3])
def test_only_moments_of_the_path_can_be_compared(later: int) -> None:
    with pytest.raises(ValueError, match="moment"):
        chances_improved(a_walk_of_two()[0], later=later)


def test_the_path_of_areas_ends_where_the_profile_does_and_sees_a_first_attempt_anew() -> None:
    attempts = [
        an_attempt(*responses("language/syntax", right=1, wrong=7), attempt_id="a1"),
        an_attempt(*responses("tools/git", right=4, wrong=4), attempt_id="a2", days=30),
        an_attempt(*responses("language/syntax", right=8), attempt_id="a3", days=60),
    ]
    _, first, *_, last = states(attempts)
    path = area_path(last)
    np.testing.assert_allclose(path.mean[-1], [area.ability.theta for area in last.areas])
    np.testing.assert_allclose(path.covariance[-1], last.covariance)
    assert path.mean[0, 0] > first.area("language").ability.theta
    assert path.covariance[0, 0, 0] < first.area("language").ability.variance
    improved = chances_improved(path, later=2)[0]
    assert improved[0] > 0.7
    assert improved[0] > improved[1] > 0.5, "what was learnt of one area is believed of another in part"


def test_between_two_attempts_the_walk_is_the_one_that_ages_a_profile() -> None:
    """The expected covariance at the second attempt, read back from the gain, is the aged profile's."""
    first = an_attempt(*responses("language/syntax", right=3, wrong=3), *responses("tools/git", right=5))
    second = an_attempt(*responses("tools/git", right=5), attempt_id="a2", days=90)
    before = fold([first])
    path = area_path(fold([first, second]))
    expected = np.linalg.solve(path.gain[0], before.covariance)
    np.testing.assert_allclose(expected, aged(before, second.finished_at).covariance, atol=1e-12)


def test_an_area_met_later_was_known_through_the_others() -> None:
    first = an_attempt(*responses("language/syntax", right=8), *responses("apis/json", right=2, wrong=3))
    second = an_attempt(*responses("tools/git", right=1), attempt_id="a2", days=0)
    before = fold([first]).with_area("tools")
    path = area_path(fold([first, second]))
    expected = np.linalg.solve(path.gain[0], before.covariance)
    np.testing.assert_allclose(expected, before.covariance, atol=1e-12)


def test_a_path_of_one_attempt_is_its_profile() -> None:
    only = fold([an_attempt(*responses("language/syntax", right=3))])
    path = area_path(only)
    assert path.mean.shape == (1, 1)
    assert path.mean[0, 0] == only.area("language").ability.theta
