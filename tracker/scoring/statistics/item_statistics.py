"""Everything that the answers given in one area say of its items, put together item by item."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np

from tracker.assessment.item_statistics import (
    ChoiceStatistics,
    Comparison,
    Figure,
    Finding,
    Fit,
    FitGroup,
    ItemStatistics,
    Times,
)
from tracker.assessment.parameters import Estimate as ItemEstimate
from tracker.scoring.author_prior import flattened
from tracker.scoring.irt import FloatArray
from tracker.scoring.statistics.area_answers import AreaAnswers, KnownItem
from tracker.scoring.statistics.classical import FACILITY, LEAST_RESPONSES
from tracker.scoring.statistics.distractors import Distractors, distractors, thirds
from tracker.scoring.statistics.drift import Drift, Leaks, drift, leaks
from tracker.scoring.statistics.estimate import Estimate, IntArray, difference, proportion
from tracker.scoring.statistics.flags import Flag, above, below
from tracker.scoring.statistics.groups import LEAST_IN_GROUP, ability_strata
from tracker.scoring.statistics.item_fit import ItemFit, fit_by_ability
from tracker.scoring.statistics.logistic_dif import logistic_dif
from tracker.scoring.statistics.long_format import counts, rows_by_code, sums
from tracker.scoring.statistics.mantel_haenszel import MantelHaenszel, mantel_haenszel
from tracker.scoring.statistics.predicted import leave_one_out, one_step_ahead, whole
from tracker.scoring.statistics.rapid_guessing import LEAST_TIMED, RapidGuessing, rapid_guessing
from tracker.scoring.statistics.residuals import Residuals, residuals
from tracker.scoring.structure import TOPIC_SD

LARGEST_RAPID_SHARE = 0.10
FREE_A_FROM = 200
STRATA = 8
AGAINST_PARAMETERS = frozenset({"easier than calibrated", "harder than calibrated", "item misfit"})
GROUPS = ("later half", "retakes")
"""What attempts are compared by: nothing is known of the people themselves."""


class _Compared(NamedTuple):
    """Two groups of sittings, what the tables of the items are, and who breaks a rule."""

    groups: str
    tables: MantelHaenszel
    flags: tuple[Flag, ...]


class _Found(NamedTuple):
    """Every statistic of all items."""

    n: IntArray
    facility: Estimate
    residual: Residuals
    upper_lower: Estimate
    chosen: Distractors
    fit: ItemFit
    leaked: Leaks
    rapid: RapidGuessing
    rapid_share: Estimate
    moved: Drift
    compared: tuple[_Compared, ...]


def item_statistics(
    area: AreaAnswers, *, made_at: datetime, parameters: int, mean: float = 0, sd: float = 1
) -> list[ItemStatistics]:
    """The statistics of every item of an area that was answered, and what it surely breaks.

    Args: parameters: the revision that the items' estimates are of. mean, sd: the area's population, in logits.
    The ability that an answer is held against comes from the person's other answers in the area; for the fit from the
    earlier ones alone, as in an adaptive form the later items depend on the answer. Seen from the area's ability a
    curve is flatter than from its topic's, and that of an item whose difficulty is unsure is flatter still. Residual,
    fit and leak are findings only where the parameters come from answers: an author's level is a guess.
    """
    if not area.item.size:
        return []
    by_time = np.argsort(area.ended_at, kind="stable")
    found = _compute(area, by_time, mean=mean, sd=sd)
    findings = _findings(area, found, by_time)
    rows = dict(rows_by_code(area.item))
    return [
        ItemStatistics(
            item_id=item.item_id,
            version=item.version,
            made_at=made_at,
            parameters=parameters,
            responses=int(found.n[code]),
            facility=_sure(found.facility, code),
            residual=_figure(found.residual.residual, code),
            item_rest=_figure(found.residual.item_rest, code),
            expected_item_rest=_number(found.residual.expected_item_rest[code]),
            upper_lower=_figure(found.upper_lower, code),
            choices=tuple(_choices(item, found.chosen, code)),
            fit=_fit(found.fit, code),
            times=_times(area.seconds[rows[code]], found, code),
            drift=_figure(found.moved.change, code),
            comparisons=tuple(_comparisons(found.compared, code)),
            findings=tuple(findings[code]),
        )
        for code, item in enumerate(area.items)
        if found.n[code]
    ]


def ability_thirds(area: AreaAnswers, *, mean: float = 0, sd: float = 1) -> IntArray:
    """The third of its item's people, 0 to 2 from the least able, that each response's person is in, shape (n,).

    Args and standard: as in `item_statistics`, whose tables by third are of the same people.
    """
    a, b, c = _curves(area.items)
    predicted = leave_one_out(area.person, area.item, area.right, a=a, b=b, c=c, mean=mean, sd=sd)
    return thirds(area.item, predicted.theta, counts(area.item, len(area.items)))


def _compute(area: AreaAnswers, by_time: IntArray, *, mean: float, sd: float) -> _Found:
    size = len(area.items)
    a, b, c = _curves(area.items)
    answers = area.person, area.item, area.right
    predicted = leave_one_out(*answers, a=a, b=b, c=c, mean=mean, sd=sd)
    ahead = one_step_ahead(*answers, a=a, b=b, c=c, mean=mean, sd=sd)
    ability = whole(*answers, a=a, b=b, c=c, mean=mean, sd=sd)
    n = counts(area.item, size)
    rapid = rapid_guessing(area.person, area.item, area.seconds, people=_size(area.person), items=size)
    return _Found(
        n=n,
        facility=proportion(sums(area.item, area.right, size), n),
        residual=residuals(area.item, area.right, predicted, items=size),
        upper_lower=_upper_lower(area, predicted.theta, n),
        chosen=_distractors(area, predicted.theta),
        fit=fit_by_ability(area.item, area.right, ahead, items=size, estimated=_estimated(area.items)),
        leaked=leaks(area.item[by_time], area.right[by_time], predicted.taken(by_time), items=size),
        rapid=rapid,
        rapid_share=_rapid_share(area, rapid),
        moved=_drift(area.items),
        compared=tuple(_compared(area, ability.theta)),
    )


def _curves(items: Sequence[KnownItem]) -> tuple[FloatArray, FloatArray, FloatArray]:
    a, b, error, c = np.array(
        [(one.estimate.a, one.estimate.b, one.estimate.b_error, one.guessing) for one in items], dtype=np.float64
    ).T
    return flattened(a, error**2 + TOPIC_SD**2), b, c


def _estimated(items: Sequence[KnownItem]) -> IntArray:
    """How many parameters of each item these answers have made."""
    return np.array([one.is_calibrated + (one.estimate.responses >= FREE_A_FROM) for one in items], dtype=np.int64)


def _size(codes: IntArray) -> int:
    return int(codes.max(initial=-1)) + 1


def _distractors(area: AreaAnswers, theta: FloatArray) -> Distractors:
    most = max((len(item.choices) for item in area.items), default=0)
    key = np.zeros((len(area.items), max(most, 1)), dtype=np.bool_)
    for code, item in enumerate(area.items):
        key[code, : len(item.choices)] = [is_key for _, is_key in item.choices]
    rows = area.choice_row
    options = np.array([len(item.choices) for item in area.items], dtype=np.int64)
    return distractors(rows, area.item[rows], area.choice, theta[rows], key=key, options=options)


def _rapid_share(area: AreaAnswers, rapid: RapidGuessing) -> Estimate:
    size, timed = len(area.items), ~np.isnan(area.seconds)
    return proportion(sums(area.item, rapid.rapid, size), counts(area.item[timed], size))


def _drift(items: Sequence[KnownItem]) -> Drift:
    """Since the earlier calibration, by the answers that came since: what the later estimate adds to the earlier one.

    Estimates from the same answers go together; the difference of their precisions is that of the new answers.
    """
    nothing = (0.0, np.nan, 0)
    columns = [(one.earlier.b, one.earlier.b_error) if one.earlier else (0.0, 1.0) for one in items]
    since = [_since(one.earlier, one.estimate) if one.earlier else nothing for one in items]
    (b, error), (fresh, fresh_error, n) = np.array(columns, dtype=np.float64).T, np.array(since).T
    known = np.isfinite(fresh_error)
    return drift(b, error, np.where(known, fresh, np.nan), np.where(known, fresh_error, 1.0), responses=n)


def _since(earlier: ItemEstimate, now: ItemEstimate) -> tuple[float, float, int]:
    """The b that the answers since an earlier estimate speak for, its standard error, and how many they are."""
    before, after = earlier.b_error**-2, now.b_error**-2
    n = now.responses - earlier.responses
    if n < LEAST_RESPONSES or after <= before:
        return 0.0, np.nan, 0
    return (now.b * after - earlier.b * before) / (after - before), (after - before) ** -0.5, n


def _upper_lower(area: AreaAnswers, theta: FloatArray, n: IntArray) -> Estimate:
    size, third = n.size, thirds(area.item, theta, n)
    upper, lower = (
        proportion(sums(area.item[at], area.right[at], size), counts(area.item[at], size))
        for at in (third == 2, third == 0)
    )
    return difference(upper, lower)


def _compared(area: AreaAnswers, theta: FloatArray) -> Iterator[_Compared]:
    """Each comparison of two groups of sittings that at least one item has enough of."""
    _, first = np.unique(area.sitting, return_index=True)
    ended_at = area.ended_at[first]
    for name, is_focal in zip(GROUPS, (ended_at > np.median(ended_at), area.is_retake), strict=True):
        focal = is_focal[area.sitting]
        size = len(area.items)
        smaller = np.minimum(counts(area.item[focal], size), counts(area.item[~focal], size))
        if smaller.max(initial=0) < LEAST_IN_GROUP:
            continue
        group, matching = is_focal.astype(np.int64), theta[first]
        responses = area.sitting, area.item, area.right
        stratum = ability_strata(matching, strata=STRATA)
        by_strata = mantel_haenszel(*responses, group=group, stratum=stratum, items=size)
        by_regression = logistic_dif(*responses, group=group, matching=matching, items=size)
        yield _Compared(name, by_strata, (*by_strata.flags(), *by_regression.flags()))


def _findings(area: AreaAnswers, found: _Found, by_time: IntArray) -> dict[int, list[Finding]]:
    """What each item surely breaks, by its code."""
    least, most = FACILITY
    flags = (
        *below("facility low", found.facility, least, least=LEAST_RESPONSES),
        *above("facility high", found.facility, most, least=LEAST_RESPONSES),
        *found.residual.flags(),
        *found.chosen.flags(),
        *found.fit.flags(),
        *above("rapid guessing", found.rapid_share, LARGEST_RAPID_SHARE, least=LEAST_TIMED),
        *found.moved.flags(),
    )
    findings: dict[int, list[Finding]] = defaultdict(list)
    for flag in flags:
        item = area.items[flag.code]
        if _applies(flag, item):
            findings[flag.code].append(_finding(flag, item.choices[flag.part][0] if flag.part is not None else ""))
    for flag in found.leaked.flags():
        if area.items[flag.code].is_well_known:
            began = float(area.ended_at[by_time[found.leaked.since[flag.code]]])
            findings[flag.code].append(_finding(flag, since=datetime.fromtimestamp(began, UTC)))
    for groups, _, broken in found.compared:
        for flag in broken:
            findings[flag.code].append(_finding(flag, groups))
    return findings


def _applies(flag: Flag, item: KnownItem) -> bool:
    """Whether this item can break this rule at all."""
    if flag.rule in AGAINST_PARAMETERS:
        return item.is_calibrated
    return flag.rule != "distractor unused" or item.are_options


def _finding(flag: Flag, part: str = "", *, since: datetime | None = None) -> Finding:
    figure = Figure(flag.value, flag.low, flag.high, flag.n)
    return Finding(rule=flag.rule, figure=figure, limit=flag.limit, part=part, since=since)


def _choices(item: KnownItem, chosen: Distractors, code: int) -> Iterator[ChoiceStatistics]:
    for at, (name, is_key) in enumerate(item.choices):
        yield ChoiceStatistics(
            name=name,
            is_key=is_key,
            share=_sure(chosen.share, (code, at)),
            theta=_figure(chosen.theta, (code, at)),
            by_third=tuple(
                figure for third in range(3) if (figure := _figure(chosen.by_third, (code, at, third))) is not None
            ),
        )


def _fit(fit: ItemFit, code: int) -> Fit | None:
    rmsea = _figure(fit.rmsea, code)
    if rmsea is None:
        return None
    groups = (
        FitGroup(observed, float(fit.expected[code, group]))
        for group in range(fit.expected.shape[1])
        if (observed := _figure(fit.observed, (code, group))) is not None
    )
    return Fit(rmsea=rmsea, p=float(fit.p[code]), groups=tuple(groups))


def _times(seconds: FloatArray, found: _Found, code: int) -> Times | None:
    timed = seconds[~np.isnan(seconds)]
    if not timed.size:
        return None
    lower, median, upper = (float(value) for value in np.quantile(timed, (0.25, 0.5, 0.75)))
    threshold, rapid = float(found.rapid.threshold[code]), _sure(found.rapid_share, code)
    return Times(lower=lower, median=median, upper=upper, threshold=threshold, rapid=rapid)


def _comparisons(compared: Sequence[_Compared], code: int) -> Iterator[Comparison]:
    for one in compared:
        table = one.tables
        delta = _figure(table.delta, code)
        if delta is not None and min(table.reference[code], table.focal[code]) >= LEAST_IN_GROUP:
            yield Comparison(
                groups=one.groups,
                reference=int(table.reference[code]),
                focal=int(table.focal[code]),
                delta=delta,
                grade=str(table.ets[code]),
            )


At = int | tuple[int, ...]


def _figure(estimate: Estimate, at: At) -> Figure | None:
    values = (float(estimate.value[at]), float(estimate.low[at]), float(estimate.high[at]))
    return Figure(*values, int(estimate.n[at])) if np.isfinite(values).all() else None


def _sure(estimate: Estimate, at: At) -> Figure:
    """A figure that is known because there are answers."""
    return Figure(float(estimate.value[at]), float(estimate.low[at]), float(estimate.high[at]), int(estimate.n[at]))


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
