"""What calibration makes of worlds whose items are known."""

import numpy as np
import pytest

from tests.scoring.calibration.worlds import a_world
from tracker.scoring.calibration import Anchors, Prior, fit, standard_errors
from tracker.scoring.irt import FloatArray


def rmse(errors: FloatArray) -> float:
    return float(np.sqrt(np.mean(errors**2)))


def test_items_that_few_answered_by_design_are_recovered_within_their_standard_errors() -> None:
    """Seen when written: mean squared errors in units of the standard errors .99 and .98."""
    world = a_world(4000, 100, each=15, seed=11)
    found = fit(*world.responses, items=100, c=0)
    assert found.converged
    assert 0.7 < np.mean(((found.a - world.a) / found.se_a) ** 2) < 1.35
    assert 0.7 < np.mean(((found.b - world.b) / found.se_b) ** 2) < 1.35


def test_items_taken_one_by_one_have_nearly_the_standard_errors_of_all_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = a_world(4000, 200, each=10, seed=12)
    together = fit(*world.responses, items=200, c=0)
    monkeypatch.setattr(standard_errors, "MOST_TOGETHER", 0)
    alone = fit(*world.responses, items=200, c=0)
    np.testing.assert_allclose(alone.se_a, together.se_a, rtol=0.06)
    np.testing.assert_allclose(alone.se_b, together.se_b, rtol=0.1)
    assert np.median(alone.se_b / together.se_b) > 0.98


def test_at_ten_responses_the_authors_level_saves_a_third_of_the_error() -> None:
    """The prior's own error is .62: a label of sd .8 about a b of sd 1."""
    rng = np.random.default_rng(13)
    world = a_world(500, 500, each=10, seed=13)
    assert np.bincount(world.item).mean() == 10
    label = world.b + rng.normal(0, 0.8, 500)
    authors = fit(*world.responses, items=500, c=0, prior=Prior(label / 1.64, 0.8 / np.sqrt(1.64)))
    vague = fit(*world.responses, items=500, c=0, prior=Prior(0.0, 3.0))
    assert 0.40 < rmse(authors.b - world.b) < 0.55
    assert 0.70 < rmse(vague.b - world.b) < 1.0
    assert 0.85 < np.mean(((authors.b - world.b) / authors.se_b) ** 2) < 1.2


def test_a_stronger_group_is_stronger_and_the_anchored_scale_stays() -> None:
    world = a_world(3000, 60, each=20, mean=1.0, sd=1.2, seed=14)
    fixed = np.arange(60) < 20
    found = fit(*world.responses, items=60, c=0, anchors=Anchors(fixed, world.a, world.b))
    assert found.mean == pytest.approx(1.0, abs=0.08)
    assert found.sd == pytest.approx(1.2, abs=0.08)
    assert np.mean((found.b - world.b)[~fixed]) == pytest.approx(0, abs=0.05)
    np.testing.assert_array_equal(found.a[fixed], world.a[fixed])
    np.testing.assert_array_equal(found.b[fixed], world.b[fixed])
    assert np.isnan(found.se_b[fixed]).all()


def test_without_anchors_the_same_group_would_move_the_scale() -> None:
    world = a_world(3000, 60, each=20, mean=1.0, seed=14)
    found = fit(*world.responses, items=60, c=0)
    assert (found.mean, found.sd) == (0, 1)
    assert np.mean(found.b - world.b) == pytest.approx(-1.0, abs=0.1)


def test_anchors_alone_measure_a_population() -> None:
    world = a_world(3000, 40, each=20, mean=-0.5, seed=15)
    found = fit(*world.responses, items=40, c=0, anchors=Anchors(np.ones(40, bool), world.a, world.b))
    assert found.converged
    assert found.mean == pytest.approx(-0.5, abs=0.06)
    assert np.isnan(found.se_a).all()


def test_guessing_is_taken_into_account_item_by_item() -> None:
    world = a_world(4000, 30, each=30, c=np.tile([0, 0.25, 1 / 15], 10), seed=16)
    found = fit(*world.responses, items=30, c=world.c)
    blind = fit(*world.responses, items=30, c=0)
    guessed = world.c == 0.25
    assert rmse((found.b - world.b)[guessed]) < 0.2
    assert rmse((blind.b - world.b)[guessed]) > 0.4


def test_a_wrong_key_shows_as_a_negative_discrimination_without_prior_and_as_a_low_one_with() -> None:
    world = a_world(2000, 30, each=20, seed=17)
    marks = np.where(world.item == 3, 1 - world.marks, world.marks)
    assert fit(world.person, world.item, marks, items=30, c=0).a[3] < -0.4
    believed = fit(world.person, world.item, marks, items=30, c=0, prior=Prior(0.0, 1.0))
    assert believed.converged
    assert 0 < believed.a[3] < 0.35
