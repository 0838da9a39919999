"""Calibrations against exact maxima of LSAT6 (Bock & Lieberman 1970, Psychometrika 35, 179-197) and R's mirt 1.45.1."""

from typing import Any

import numpy as np
import pytest

from tests.scoring.builders import reference
from tracker.scoring.ability import eap
from tracker.scoring.calibration import Calibration, Parameters, fit

LSAT6 = reference("lsat6_exact.json")
PATTERNS = np.array([[int(mark) for mark in pattern] for pattern in LSAT6["patterns"]])
FREQUENCIES = LSAT6["LSAT6"]["freq"]
MODELS = ["rasch", "twopl", "threepl_c20", "threepl_c25"]
MIRT = reference("mml_1000x100.json")


def complete(marks: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    person, item = np.indices(marks.shape)
    return person.ravel(), item.ravel(), marks.ravel()


def lsat6(model: str, **options: Any) -> tuple[Calibration, Any]:
    exact = LSAT6["LSAT6"][model]
    responses = complete(np.repeat(PATTERNS, FREQUENCIES, axis=0))
    common = model == "rasch"
    return fit(*responses, items=5, c=exact["c"], common_a=common, tolerance=1e-9, **options), exact


@pytest.mark.parametrize("model", MODELS)
def test_lsat6_has_its_exact_maximum(model: str) -> None:
    found, exact = lsat6(model)
    assert found.converged
    assert found.log_likelihood == pytest.approx(exact["logLik"], abs=1e-6)
    np.testing.assert_allclose(found.a, exact["a"], rtol=0, atol=1e-6)
    np.testing.assert_allclose(found.b, exact["b"], rtol=0, atol=1e-6)


@pytest.mark.parametrize("model", MODELS)
def test_lsat6_has_its_exact_standard_errors_of_a(model: str) -> None:
    found, exact = lsat6(model)
    expected = {"rasch": exact["se_params"][-1:] * 5}.get(model, exact["se_params"][:5])
    np.testing.assert_allclose(found.se_a, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("model", MODELS)
def test_everybody_of_lsat6_has_the_exact_posterior(model: str) -> None:
    found, exact = lsat6(model, with_people=True)
    assert found.people is not None
    assert list(found.people.person) == list(range(1000))
    np.testing.assert_allclose(found.people.eap, np.repeat(exact["EAP"], FREQUENCIES), rtol=0, atol=1e-5)
    np.testing.assert_allclose(found.people.sd, np.repeat(exact["SD"], FREQUENCIES), rtol=0, atol=1e-5)


@pytest.mark.parametrize("model", MODELS)
def test_all_32_patterns_have_their_exact_posterior_under_the_estimates(model: str) -> None:
    """Two of them nobody gave."""
    found, exact = lsat6(model)
    estimates = [eap(pattern, found.a, found.b, [exact["c"]] * 5) for pattern in PATTERNS]
    np.testing.assert_allclose([one.theta for one in estimates], exact["EAP"], rtol=0, atol=1e-5)


def test_the_published_rasch_estimates_come_back_to_every_digit() -> None:
    """Rizopoulos (2006), Journal of Statistical Software 17(5), section 3.1."""
    found, _ = lsat6("rasch")
    assert f"{found.log_likelihood:.3f}" == "-2466.938"
    assert [f"{b:.4f}" for b in found.b] == ["-3.6153", "-1.3224", "-0.3176", "-1.7301", "-2.7802"]
    assert f"{found.a[0]:.4f}" == "0.7551"
    assert f"{found.se_a[0]:.4f}" == "0.0694"


@pytest.mark.parametrize("b", [-1.0, 0.0, 1.0])
def test_guessing_does_not_lead_to_a_lesser_maximum_from_wherever_b_begins(b: float) -> None:
    """There is one at a = 13.3, log-likelihood -2469.97, where R's ltm ends."""
    found, exact = lsat6("threepl_c20", start=Parameters(a=np.ones(5), b=np.full(5, b)))
    assert found.log_likelihood == pytest.approx(exact["logLik"], abs=1e-6)


def test_a_thousand_people_and_a_hundred_items_agree_with_mirt() -> None:
    marks = np.array([[int(mark) for mark in row] for row in MIRT["rows"]])
    found = fit(*complete(marks), items=100, c=0.0, tolerance=1e-9, with_people=True)
    theirs = MIRT["fit"]
    assert found.converged
    assert found.log_likelihood == pytest.approx(theirs["logLik"], abs=1e-8)
    np.testing.assert_allclose(found.a, theirs["a"], rtol=0, atol=1e-8)
    np.testing.assert_allclose(-found.a * found.b, theirs["d"], rtol=0, atol=1e-8)
    assert found.people is not None
    first = np.stack((found.people.eap, found.people.sd), axis=1)[:50]
    np.testing.assert_allclose(first, theirs["EAP_first50"], rtol=0, atol=1e-8)


def test_the_default_tolerance_leaves_less_than_a_hundred_thousandth() -> None:
    marks = np.array([[int(mark) for mark in row] for row in MIRT["rows"]])
    found = fit(*complete(marks), items=100, c=0.0, with_errors=False)
    assert found.e_steps < 15
    np.testing.assert_allclose(found.a, MIRT["fit"]["a"], rtol=0, atol=1e-5)
    np.testing.assert_allclose(-found.a * found.b, MIRT["fit"]["d"], rtol=0, atol=1e-5)
