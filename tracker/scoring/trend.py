"""How a group's mean ability in an area went from month to month.

What is known of a month is what was known at its end: later attempts do not move it, so it need not be told again.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from tracker.scoring.ability import Ability, normal
from tracker.scoring.change import Change
from tracker.scoring.drift import MONTH, walked
from tracker.scoring.path import Path, area_path, changes
from tracker.scoring.profile import Moment, Profile, to_rows

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Known:
    """What was known of somebody's ability at a moment: mean and variance, logits, after so many attempts."""

    theta: float
    variance: float
    attempts: int


class Course:
    """How somebody's areas went, as it was known at the ends of months. Args: profile, with its moments."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._places = {area.slug: place for place, area in enumerate(profile.areas)}
        self._paths: dict[tuple[datetime, ...], Path] = {}

    def known_at(self, slug: str, end: datetime) -> Known | None:
        """What was known of an area; None before there was enough evidence."""
        own = [point for point in self._profile.area(slug).history if point.finished_at <= end]
        if not own or not own[-1].score.is_enough:
            return None
        path, place = self._path(end), self._places[slug]
        return Known(float(path.mean[-1, place]), float(path.covariance[-1, place, place]), self._attempts(end))

    def change(self, slug: str, *, earlier: datetime, later: datetime) -> tuple[float, float]:
        """By how much an area's ability rose between two ends with evidence, as known at the later one.

        Returns: mean and variance, logits.
        """
        path, place = self._path(earlier, later), self._places[slug]
        mean, variance = changes(path, later=len(path.mean) - 1)
        before = self._attempts(earlier)
        return float(mean[before, place]), float(variance[before, place])

    @property
    def attempts(self) -> int:
        """How many there are by now."""
        return len(self._profile.moments)

    def _attempts(self, at: datetime) -> int:
        return sum(moment.at <= at for moment in self._profile.moments)

    def _path(self, *ends: datetime) -> Path:
        """How the areas went up to the last of these ends, each a moment of its own, at which nothing is learnt."""
        if ends not in self._paths:
            moments = [moment for moment in self._profile.moments if moment.at <= ends[-1]]
            for end in ends:
                last = max(number for number, moment in enumerate(moments) if moment.at <= end)
                moments.insert(last + 1, self._unseen(moments[last], end))
            self._paths[ends] = area_path(replace(self._profile, moments=tuple(moments)))
        return self._paths[ends]

    def _unseen(self, last: Moment, end: datetime) -> Moment:
        """What was still known at the end of a month."""
        covariance = np.array(last.covariance)
        months = (end - last.at) / MONTH
        added = walked(np.diagonal(covariance), months=months, area_walk=self._profile.area_walk)
        return replace(last, at=end, covariance=to_rows(covariance + added))


def month_ends(now: datetime, *, count: int = MONTHS) -> list[datetime]:
    """The ends of the last whole months, oldest first: the first midnight after each, UTC."""
    months = [now.year * 12 + now.month - 1 - back for back in reversed(range(count))]
    return [datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC) for month in months]


def group_mean(known: Sequence[Known]) -> Ability:
    """The mean of these people's abilities; its error is that of measuring them."""
    error = math.sqrt(sum(one.variance for one in known)) / len(known)
    return normal(sum(one.theta for one in known) / len(known), error)


def group_change(courses: Sequence[Course], slug: str, *, earlier: datetime, later: datetime) -> Change:
    """Whether these people's mean rose between two months' ends at which all of them are known."""
    each = [course.change(slug, earlier=earlier, later=later) for course in courses]
    mean, variance = sum(mean for mean, _ in each), sum(variance for _, variance in each)
    return Change(normal(mean, math.sqrt(variance)).chance_of(0))
