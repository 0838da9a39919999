"""Statistics of items that different people met in different forms, adaptive ones too.

There the facility says who met the item, not how hard it is: what counts is the mark against what the person's other
answers predict.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tracker.scoring.irt import FloatArray
from tracker.scoring.statistics.classical import LEAST_ITEM_REST, LEAST_RESPONSES
from tracker.scoring.statistics.estimate import Estimate, correlation, normal
from tracker.scoring.statistics.flags import Flag, above, below
from tracker.scoring.statistics.long_format import checked_codes, checked_right, counts, sums
from tracker.scoring.statistics.predicted import Predicted

LARGEST_RESIDUAL = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Residuals:
    """Of each item, shape (items,).

    residual: the mean of `mark - probability`; above 0 the item is easier than its parameters say. item_rest: the
    correlation of its mark with the posterior mean from the person's other answers. expected_item_rest: the same as
    the model expects it of these people; low where all who meet an item are alike.
    """

    residual: Estimate
    item_rest: Estimate
    expected_item_rest: FloatArray

    def flags(self) -> tuple[Flag, ...]:
        """Items that are easier or harder than their parameters say, or go with the rest far less than they should."""
        limit = np.fmin(LEAST_ITEM_REST, self.expected_item_rest - LEAST_ITEM_REST)
        return (
            *above("easier than calibrated", self.residual, LARGEST_RESIDUAL, least=LEAST_RESPONSES),
            *below("harder than calibrated", self.residual, -LARGEST_RESIDUAL, least=LEAST_RESPONSES),
            *below("item-rest low", self.item_rest, limit, least=LEAST_RESPONSES),
        )


def residuals(item: ArrayLike, marks: ArrayLike, predicted: Predicted, *, items: int) -> Residuals:
    """How each item's marks lie against what the same people's other answers predict.

    Args: item, marks, shape (n,). predicted, of the same responses.
    Raises: ValueError if shapes differ, an item is not below `items` or a mark is not 0 to 1.
    The residual's standard error is the model's own, `sqrt(sum P Q) / n`: the responses to an item are independent,
    each from another person.
    """
    codes = checked_codes(item, name="item", below=items)
    right = checked_right(marks, size=codes.size).astype(np.float64)
    if predicted.theta.shape != codes.shape:
        raise ValueError("predicted must be of the same responses")
    n, p = counts(codes, items), predicted.probability
    with np.errstate(invalid="ignore", divide="ignore"):
        residual = normal(sums(codes, right - p, items) / n, np.sqrt(sums(codes, p * (1 - p), items)) / n, n)

        def means(values: FloatArray) -> FloatArray:
            return np.asarray(sums(codes, values, items) / n)

        theta = predicted.theta - means(predicted.theta)[codes]
        facility, expected_facility, spread = means(right), means(p), np.sqrt(means(theta**2))
        r = means(theta * right) / (spread * np.sqrt(facility * (1 - facility)))
        expected = means(theta * p) / (spread * np.sqrt(expected_facility * (1 - expected_facility)))
    return Residuals(residual=residual, item_rest=correlation(r, n), expected_item_rest=expected)
