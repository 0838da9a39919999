"""What a structure of areas and topics may be."""

import numpy as np
import pytest

from tracker.scoring.structure import Structure, alike, correlated


def test_the_structure_to_start_with_correlates_all_areas_alike() -> None:
    structure = alike([0, 0, 1, 2])
    assert (structure.areas, structure.topics, structure.tau) == (3, 4, 0.45)
    np.testing.assert_allclose(structure.sigma, [[1, 0.6, 0.6], [0.6, 1, 0.6], [0.6, 0.6, 1]])


@pytest.mark.parametrize(
    ("area", "sigma", "tau"),
    [
        ([0, 2], correlated(2), 0.45),
        ([-1, 0], correlated(2), 0.45),
        ([0.5, 1], correlated(2), 0.45),
        ([[0, 1]], correlated(2), 0.45),
        ([0, 1], np.ones((2, 2)), 0.45),
        ([0, 1], np.array([[1, 0.5], [0.4, 1]]), 0.45),
        ([0, 1], np.array([[1, np.nan], [np.nan, 1]]), 0.45),
        ([0, 1], np.ones(2), 0.45),
        ([0, 1], correlated(2), 0.0),
        ([0, 1], correlated(2), np.nan),
    ],
)
def test_an_impossible_structure_is_refused(area: list[float], sigma: np.ndarray, tau: float) -> None:
    with pytest.raises(ValueError, match=r"area|sigma|tau"):
        Structure(area=np.array(area), sigma=sigma, tau=tau)
