"""The maximum that is found against a general optimiser on the likelihood done the long way."""

import numpy as np
import pytest
from scipy.optimize import minimize

from tests.scoring.calibration.worlds import World, a_world, hessian, log_likelihood
from tracker.scoring.calibration import Anchors, Prior, fit
from tracker.scoring.irt import FloatArray

WORLD = a_world(120, 6, each=4, c=[0, 0, 0.2, 0.25, 0, 0.1], seed=3)
LABELS = np.array([-0.5, 1.0, 0.2, 0.0, -1.0, 0.4])
PRIOR = Prior(b_mean=LABELS, b_sd=0.8, log_a_mean=0.1, log_a_sd=0.3)


def log_posterior(parameters: FloatArray, world: World = WORLD) -> float:
    log_a, b = np.split(parameters, 2)
    prior = ((b - LABELS) ** 2 / 0.8**2 + (log_a - 0.1) ** 2 / 0.3**2).sum()
    return log_likelihood(world, np.exp(log_a), b) - 0.5 * float(prior)


def maximum(function, at):  # type: ignore[no-untyped-def]
    return minimize(lambda x: -function(x), at, method="BFGS", options={"gtol": 1e-5})


def test_with_a_prior_the_mode_of_the_posterior_in_ln_a_and_b_is_found() -> None:
    found = fit(*WORLD.responses, items=6, c=WORLD.c, prior=PRIOR, tolerance=1e-9)
    best = maximum(log_posterior, np.concatenate((np.zeros(6), LABELS)))
    np.testing.assert_allclose(np.log(found.a), best.x[:6], atol=1e-4)
    np.testing.assert_allclose(found.b, best.x[6:], atol=1e-4)
    assert found.log_likelihood == pytest.approx(log_likelihood(WORLD, found.a, found.b), abs=1e-6)


def test_with_a_prior_standard_errors_are_those_of_the_posteriors_curvature() -> None:
    found = fit(*WORLD.responses, items=6, c=WORLD.c, prior=PRIOR, tolerance=1e-9)
    mode = np.concatenate((np.log(found.a), found.b))
    errors = np.sqrt(np.diag(np.linalg.inv(-hessian(log_posterior, mode))))
    np.testing.assert_allclose(found.se_a, found.a * errors[:6], rtol=1e-3)
    np.testing.assert_allclose(found.se_b, errors[6:], rtol=1e-3)


def test_where_a_is_held_only_b_is_estimated() -> None:
    held = np.array([True, False, True, False, True, False])
    prior = Prior(b_mean=LABELS, b_sd=0.8, log_a_mean=0.1, log_a_sd=0.3, free_a=~held)
    found = fit(*WORLD.responses, items=6, c=WORLD.c, prior=prior, tolerance=1e-9)

    def reduced(free: FloatArray) -> float:
        log_a = np.full(6, 0.1)
        log_a[~held] = free[:3]
        return log_posterior(np.concatenate((log_a, free[3:])))

    best = maximum(reduced, np.concatenate((np.zeros(3), LABELS)))
    np.testing.assert_allclose(found.a[held], np.exp(0.1))
    np.testing.assert_allclose(np.log(found.a[~held]), best.x[:3], atol=1e-4)
    np.testing.assert_allclose(found.b, best.x[3:], atol=1e-4)
    errors = np.sqrt(np.diag(np.linalg.inv(-hessian(reduced, best.x))))
    np.testing.assert_allclose(found.se_b, errors[3:], rtol=1e-3)
    assert np.isnan(found.se_a[held]).all()


def test_without_prior_b_has_the_standard_errors_of_the_likelihoods_curvature() -> None:
    world = a_world(400, 5, each=4, seed=4)
    found = fit(*world.responses, items=5, c=0, tolerance=1e-9)
    parameters = np.concatenate((found.a, found.b))
    errors = np.sqrt(np.diag(np.linalg.inv(-hessian(lambda at: log_likelihood(world, at[:5], at[5:]), parameters))))
    np.testing.assert_allclose(found.se_a, errors[:5], rtol=1e-3)
    np.testing.assert_allclose(found.se_b, errors[5:], rtol=1e-3)


def test_beside_anchors_the_other_items_and_the_population_are_at_their_maximum() -> None:
    world = a_world(400, 6, each=5, mean=0.7, sd=0.8, seed=5)
    fixed = np.arange(6) < 3
    found = fit(*world.responses, items=6, c=0, anchors=Anchors(fixed, world.a, world.b), tolerance=1e-9)

    def likelihood(free: FloatArray) -> float:
        a, b = world.a.copy(), world.b.copy()
        a[~fixed], b[~fixed] = free[:3], free[3:6]
        return log_likelihood(world, a, b, mean=free[6], sd=free[7])

    best = maximum(likelihood, np.array([1.0, 1, 1, 0, 0, 0, 0, 1]))
    estimates = np.concatenate((found.a[~fixed], found.b[~fixed], [found.mean, found.sd]))
    np.testing.assert_allclose(estimates, best.x, atol=5e-4)
    errors = np.sqrt(np.diag(np.linalg.inv(-hessian(likelihood, estimates))))
    np.testing.assert_allclose(np.concatenate((found.se_a[~fixed], found.se_b[~fixed])), errors[:6], rtol=2e-3)


def test_one_a_for_all_items_is_at_its_maximum_also_where_responses_are_missing() -> None:
    world = a_world(200, 5, each=3, seed=6)
    found = fit(*world.responses, items=5, c=0, common_a=True, tolerance=1e-9)
    best = maximum(lambda at: log_likelihood(world, np.full(5, at[0]), at[1:]), np.array([1.0, 0, 0, 0, 0, 0]))
    np.testing.assert_allclose(found.a, best.x[0], atol=1e-4)
    np.testing.assert_allclose(found.b, best.x[1:], atol=2e-4)


@pytest.mark.parametrize(("items", "tolerance"), [(200, 1e-3), (300, 1e-3)])
def test_long_histories_have_the_likelihood_of_dense_quadrature(items: int, tolerance: float) -> None:
    world = a_world(40, items, each=items, seed=7)
    prior = Prior(b_mean=world.b, b_sd=0.5)
    found = fit(*world.responses, items=items, c=0, prior=prior, with_errors=False)
    assert found.log_likelihood == pytest.approx(log_likelihood(world, found.a, found.b), abs=tolerance)


def test_an_item_answered_twice_counts_twice() -> None:
    twice = World(
        *(WORLD.a, WORLD.b, WORLD.c),
        *(np.append(one, one[:50]) for one in WORLD.responses),
    )
    found = fit(*twice.responses, items=6, c=WORLD.c, prior=PRIOR, with_people=True)
    assert found.log_likelihood == pytest.approx(log_likelihood(twice, found.a, found.b), abs=1e-6)
    assert found.responses.sum() == WORLD.person.size + 50


def test_one_answered_twice_instead_of_another_is_not_mistaken_for_a_complete_form() -> None:
    whole = a_world(150, 6, each=6, c=WORLD.c, seed=8)
    item = np.where((whole.item == 0) & (whole.person < 75), 1, whole.item)
    doubled = World(whole.a, whole.b, whole.c, whole.person, item, whole.marks)
    found = fit(*doubled.responses, items=6, c=WORLD.c, prior=PRIOR)
    assert found.log_likelihood == pytest.approx(log_likelihood(doubled, found.a, found.b), abs=1e-6)


@pytest.mark.parametrize(("items", "each"), [(8, 8), (8, 5), (200, 5)])
def test_complete_incomplete_and_sparse_responses_have_the_likelihood_of_dense_quadrature(
    items: int, each: int
) -> None:
    world = a_world(150, items, each=each, c=0.2, seed=9)
    found = fit(*world.responses, items=items, c=0.2, prior=Prior(b_mean=0.0, b_sd=1.0))
    assert found.log_likelihood == pytest.approx(log_likelihood(world, found.a, found.b), abs=1e-6)


def test_neither_the_order_of_responses_nor_the_codes_of_people_matter() -> None:
    order = np.random.default_rng(1).permutation(WORLD.person.size)
    person, item, marks = (values[order] for values in WORLD.responses)
    found = fit(1_000_000_007 * (person - 60), item, marks, items=6, c=WORLD.c, prior=PRIOR, with_people=True)
    same = fit(*WORLD.responses, items=6, c=WORLD.c, prior=PRIOR, with_people=True)
    np.testing.assert_allclose(found.b, same.b, atol=1e-12)
    assert found.people is not None
    assert same.people is not None
    assert list(found.people.person) == [1_000_000_007 * (code - 60) for code in same.people.person]
    np.testing.assert_allclose(found.people.eap, same.people.eap, atol=1e-9)
