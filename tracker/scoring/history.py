"""How an area's score went: each attempt as it was reported, and as it is seen from today."""

import math
from dataclasses import dataclass
from datetime import datetime

from tracker.assessment.score import Score
from tracker.scoring.ability import Ability
from tracker.scoring.change import Change
from tracker.scoring.irt import FloatArray
from tracker.scoring.levels import on_scale, to_score
from tracker.scoring.path import Path, area_path, chances_improved
from tracker.scoring.profile import AreaProfile, HistoryPoint, Profile


@dataclass(frozen=True, slots=True)
class Seen:
    """One attempt in an area: its score as reported, never revised, and as all attempts together show it.

    change: from then to the last attempt there; None for that one itself.
    """

    attempt_id: str
    finished_at: datetime
    reported: Score
    smoothed: Score
    change: Change | None


@dataclass(frozen=True, slots=True)
class Step:
    """What all attempts together say of an area's ability at one moment."""

    at: datetime
    ability: Ability


@dataclass(frozen=True, slots=True)
class Faded:
    """The interval that was known at a moment, narrower than today's: older evidence counts less."""

    at: datetime
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class AreaHistory:
    """The attempts in an area, oldest first, and the course of its ability from the first of them to today.

    Other areas' attempts are steps of the course too: they tell of this one. faded: what has faded since the last one.
    """

    attempts: tuple[Seen, ...] = ()
    course: tuple[Step, ...] = ()
    faded: Faded | None = None

    @property
    def before(self) -> Seen | None:
        """The attempt before the last one."""
        return self.attempts[-2] if len(self.attempts) > 1 else None


def faded(then: Ability, at: datetime, *, today: Ability) -> Faded | None:
    """What was known of an ability at a moment, if today's printed interval is wider at both ends."""
    low, high = on_scale(then.low), on_scale(then.high)
    if low <= on_scale(today.low) or high >= on_scale(today.high):
        return None
    return Faded(at=at, low=low, high=high)


def area_histories(profile: Profile) -> dict[str, AreaHistory]:
    """The history of each area with an answer of its own, by slug.

    Args: profile, with its moments, as of today (`drift.aged`).
    """
    if not profile.moments:
        return {}
    path = area_path(profile)
    return {area.slug: _area_history(profile, path, place) for place, area in enumerate(profile.areas) if area.history}


def area_history(profile: Profile, slug: str) -> AreaHistory:
    """One area's history, empty without an answer of its own. Args: as `area_histories`."""
    place = next((place for place, area in enumerate(profile.areas) if area.slug == slug and area.history), None)
    return AreaHistory() if place is None else _area_history(profile, area_path(profile), place)


def _area_history(profile: Profile, path: Path, place: int) -> AreaHistory:
    area = profile.areas[place]
    moments = {moment.attempt_id: at for at, moment in enumerate(profile.moments)}
    own = [moments[point.attempt_id] for point in area.history]
    smoothed = {at: _smoothed(path, at, place, profile) for at in range(own[0], len(moments))}
    improved = chances_improved(path, later=own[-1])[:, place]
    steps = [Step(profile.moments[at].at, ability) for at, ability in smoothed.items()]
    return AreaHistory(
        attempts=tuple(_seen(point, smoothed[at], improved[at:]) for point, at in zip(area.history, own, strict=True)),
        course=(*steps, *_today(area, steps[-1])),
        faded=faded(steps[-1].ability, steps[-1].at, today=area.ability),
    )


def _seen(point: HistoryPoint, ability: Ability, improved: FloatArray) -> Seen:
    """Args: improved: the chances of the moments from this attempt's on; none left at the last one."""
    reported = point.score
    return Seen(
        attempt_id=point.attempt_id,
        finished_at=point.finished_at,
        reported=reported,
        smoothed=to_score(ability, responses=reported.responses, is_enough=reported.is_enough),
        change=Change(float(improved[0])) if improved.size else None,
    )


def _smoothed(path: Path, at: int, place: int, profile: Profile) -> Ability:
    """An area at a moment: its interval keeps the shape it had when it was reported."""
    theta, error = float(path.mean[at, place]), math.sqrt(path.covariance[at, place, place])
    moment = profile.moments[at]
    then = moment.slugs.index(profile.areas[place].slug)
    share = error / math.sqrt(moment.covariance[then][then])
    return Ability(
        theta=theta,
        standard_error=error,
        low=theta + share * (moment.low[then] - moment.theta[then]),
        high=theta + share * (moment.high[then] - moment.theta[then]),
    )


def _today(area: AreaProfile, last: Step) -> list[Step]:
    """The last step of a course, where time has passed since the last attempt."""
    return [Step(area.as_of, area.ability)] if area.as_of and area.as_of > last.at else []
