"""Whether one person's answers fit together: no flag says why, and none changes a score."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tracker.scoring import grid, irt
from tracker.scoring.irt import FloatArray
from tracker.scoring.statistics.estimate import Estimate, IntArray, proportion
from tracker.scoring.statistics.flags import Flag, below
from tracker.scoring.statistics.long_format import (
    checked_codes,
    checked_parameters,
    checked_right,
    counts,
    rows_by_code,
    sums,
)
from tracker.scoring.statistics.predicted import one_step_ahead

PATTERNS = 500
LEAST_RESPONSES = 10
LARGEST_P = 0.02
ROUNDING = 1e-9  # the same pattern, summed in another order, is no worse


@dataclass(frozen=True, slots=True, eq=False)
class PersonFit:
    """Of each person, shape (people,).

    value: the statistic (lz: low is misfit; CUSUM: high is). n: how many answers it rests on. p: of 500 patterns
    simulated on the person's own items, how many fit no better, with the simulation's own interval.
    """

    rule: str
    value: FloatArray
    n: IntArray
    p: Estimate

    def flags(self) -> tuple[Flag, ...]:
        """People whose answers hardly ever come about: fewer than one in a hundred of those that fit is flagged."""
        p = self.p
        return below(self.rule, Estimate(p.value, p.low, p.high, self.n), LARGEST_P, least=LEAST_RESPONSES)


def lz(
    person: ArrayLike, item: ArrayLike, marks: ArrayLike, *, theta: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike
) -> FloatArray:
    """The standardised log-likelihood of each person's marks at a given ability, `(l - E l) / sd l`.

    Args: person, item, marks, shape (n,). theta, shape (people,), logits. a, b, c, shape (items,).
    Returns: shape (people,); NaN without answers. Raises: ValueError if shapes differ or a value is out of bounds.
    Source: Drasgow, Levine & Williams (1985), British Journal of Mathematical and Statistical Psychology 38, 67-86.
    """
    people, items, right, (a, b, c) = _checked(person, item, marks, a, b, c)
    ability = np.asarray(theta, dtype=np.float64)
    if ability.ndim != 1 or people.max(initial=-1) >= ability.size:
        raise ValueError("theta must be of shape (people,)")
    log_right, log_wrong = irt.log_probabilities(ability[people], a[items], b[items], c[items])
    excess, variance = _likelihood_terms(right, log_right, log_wrong)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(sums(people, excess, ability.size) / np.sqrt(sums(people, variance, ability.size)))


def lz_fit(
    person: ArrayLike,
    item: ArrayLike,
    marks: ArrayLike,
    *,
    a: ArrayLike,
    b: ArrayLike,
    c: ArrayLike,
    people: int,
    seed: int,
    mean: float = 0,
    sd: float = 1,
) -> PersonFit:
    """lz at each person's posterior mean, for fixed forms, with p from patterns simulated and scored the same way.

    Args: person, item, marks, shape (n,). a, b, c, shape (items,). mean, sd: the prior, in logits.
    Raises: ValueError if shapes differ or a value is out of bounds.
    At an estimated ability lz is not standard normal (Snijders 2001, Psychometrika 66, 331-342), hence the simulation:
    abilities are drawn from the person's posterior, patterns from these, and each is scored anew. A person's p depends
    on the seed and on that person only.
    """
    codes, items, right, (a, b, c) = _checked(person, item, marks, a, b, c, people=people)
    value, worse = np.full(people, np.nan), np.zeros(people)
    for who, rows in rows_by_code(codes):
        rng, own = np.random.default_rng([seed, who]), items[rows]
        observed, simulated = _lz_of_patterns(right[rows], a[own], b[own], c[own], mean, sd, rng)
        value[who], worse[who] = observed, (simulated <= observed + ROUNDING).sum()
    return _person_fit("person fit: lz", value, worse, counts(codes, people))


def cusum_fit(
    person: ArrayLike,
    item: ArrayLike,
    marks: ArrayLike,
    *,
    a: ArrayLike,
    b: ArrayLike,
    c: ArrayLike,
    people: int,
    seed: int,
    mean: float = 0,
    sd: float = 1,
) -> PersonFit:
    """The longest run of answers better, or worse, than the earlier ones predict; for adaptive forms and fixed ones.

    Args: person, item, marks, shape (n,), in the order of answering. a, b, c, shape (items,). mean, sd: the prior.
    Raises: ValueError if shapes differ or a value is out of bounds.
    The value is the largest of both cumulative sums of `mark - probability`, each stopped at 0. Its p comes from marks
    drawn with the same probabilities, which hold whatever items the answers led to. A person's p depends on the seed
    and on that person only. Source: van Krimpen-Stoop & Meijer (2000), in van der Linden & Glas, Computerized Adaptive
    Testing, 201-219.
    """
    codes, items, right, (a, b, c) = _checked(person, item, marks, a, b, c, people=people)
    probability = one_step_ahead(codes, items, right, a=a, b=b, c=c, mean=mean, sd=sd).probability
    value, worse = np.full(people, np.nan), np.zeros(people)
    for who, rows in rows_by_code(codes):
        p = probability[rows]
        simulated = np.random.default_rng([seed, who]).random((PATTERNS, p.size)) < p
        runs = _longest_run(np.vstack((right[rows], simulated)) - p)
        value[who], worse[who] = runs[0], (runs[1:] >= runs[0] - ROUNDING).sum()
    return _person_fit("person fit: CUSUM", value, worse, counts(codes, people))


def _checked(
    person: ArrayLike,
    item: ArrayLike,
    marks: ArrayLike,
    a: ArrayLike,
    b: ArrayLike,
    c: ArrayLike,
    people: int | None = None,
) -> tuple[IntArray, IntArray, NDArray[np.bool_], tuple[FloatArray, FloatArray, FloatArray]]:
    parameters = checked_parameters(a, b, c)
    codes, items = (
        checked_codes(person, name="person", below=people),
        checked_codes(item, name="item", below=parameters[0].size),
    )
    if codes.shape != items.shape:
        raise ValueError("person, item and marks must be of one shape, (n,)")
    return codes, items, checked_right(marks, size=codes.size), parameters


def _likelihood_terms(
    right: NDArray[np.bool_], log_right: FloatArray, log_wrong: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Each mark's log-likelihood less its expectation, and its variance."""
    log_odds, chance = log_right - log_wrong, np.exp(log_right)
    return np.asarray((right - chance) * log_odds), np.asarray(chance * (1 - chance) * log_odds**2)


def _lz_of_patterns(
    right: NDArray[np.bool_],
    a: FloatArray,
    b: FloatArray,
    c: FloatArray,
    mean: float,
    sd: float,
    rng: np.random.Generator,
) -> tuple[float, FloatArray]:
    """lz of one person's marks, and of patterns simulated on the same items."""
    points = grid.points_for(right.size)
    log_right, log_wrong = irt.log_probabilities(points[:, None], a, b, c)
    log_prior = grid.log_normal(points, mean, sd)

    def posterior(patterns: NDArray[np.bool_]) -> FloatArray:
        log_likelihood = patterns @ (log_right - log_wrong).T + log_wrong.sum(axis=1)
        return np.asarray(grid.normalised(log_prior + log_likelihood), dtype=np.float64)

    drawn = rng.choice(points.size, PATTERNS, p=posterior(right[None])[0])
    simulated = rng.random((PATTERNS, right.size)) < np.exp(log_right)[drawn]
    patterns = np.vstack((right, simulated))
    estimates = posterior(patterns) @ points
    terms = _likelihood_terms(patterns, *irt.log_probabilities(estimates[:, None], a, b, c))
    values = terms[0].sum(axis=1) / np.sqrt(terms[1].sum(axis=1))
    return float(values[0]), values[1:]


def _longest_run(residuals: FloatArray) -> FloatArray:
    """The peak of both one-sided cumulative sums of each row."""
    paths = np.pad(np.cumsum(residuals, axis=1), ((0, 0), (1, 0)))
    upward = paths - np.minimum.accumulate(paths, axis=1)
    downward = np.maximum.accumulate(paths, axis=1) - paths
    return np.asarray(np.maximum(upward.max(axis=1), downward.max(axis=1)))


def _person_fit(rule: str, value: FloatArray, worse: FloatArray, n: IntArray) -> PersonFit:
    p = proportion(np.where(n > 0, worse, np.nan), np.full(n.shape, PATTERNS))
    return PersonFit(rule=rule, value=value, n=n, p=p)
