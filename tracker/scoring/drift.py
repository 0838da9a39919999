"""What time does to a profile: ability and deviations walk at random, so everything known slowly becomes less certain.

The areas' steps are correlated as the areas themselves are, so how an area never met goes with the others stays as it
was. Never less certain than about somebody nothing is known of. Source: Martin & Quinn (2002), Political Analysis 10,
134-153.
"""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from tracker.assessment.parameters import AREA_WALK, TOPIC_WALK
from tracker.scoring.irt import FloatArray
from tracker.scoring.profile import AREA_PRIOR, UNSEEN_TOPIC, AreaProfile, Profile, to_rows
from tracker.scoring.structure import correlated, correlations_of

MONTH = timedelta(days=30)


def aged(profile: Profile, now: datetime) -> Profile:
    """The profile as it can be shown now, each area widened by the time since its last update."""
    walks = {"area_walk": profile.area_walk, "topic_walk": profile.topic_walk}
    areas = tuple(aged_area(area, now, **walks) for area in profile.areas)
    if not profile.correlations:
        return replace(profile, areas=areas)
    before, after = (np.array([one.ability.variance for one in some]) for some in (profile.areas, areas))
    steps = np.sqrt(np.maximum(after - before, 0))
    covariance = profile.covariance + np.outer(steps, steps) * correlated(len(areas))
    return replace(profile, areas=areas, correlations=to_rows(correlations_of(covariance)))


def aged_area(
    area: AreaProfile, now: datetime, *, area_walk: float = AREA_WALK, topic_walk: float = TOPIC_WALK
) -> AreaProfile:
    """The area as it stands now; unchanged when `now` is not after its last update.

    Args: the walks: logits in a month, standard deviation; a topic's is on top of its area's.
    """
    if area.as_of is None or now <= area.as_of:
        return area
    months = (now - area.as_of) / MONTH
    drift = _added(area_walk**2 * months, area.ability.variance, AREA_PRIOR.variance)
    topics = []
    for topic in area.topics:
        own_drift = _added(topic_walk**2 * months, area.deviation(topic).variance, UNSEEN_TOPIC.sd**2)
        topics.append(
            replace(topic, ability=topic.ability.widened(drift + own_drift), covariance=topic.covariance + drift)
        )
    return replace(area, ability=area.ability.widened(drift), topics=tuple(topics), as_of=now)


def walked(variances: FloatArray, *, months: float, area_walk: float) -> FloatArray:
    """What the time between two moments adds to the areas' covariance, shape (areas, areas), in squared logits.

    Args: variances, shape (areas,): at the first of them.
    """
    steps = np.sqrt(np.clip(AREA_PRIOR.variance - variances, 0, area_walk**2 * months))
    return np.outer(steps, steps) * correlated(steps.size)


def _added(drift: float, variance: float, most: float) -> float:
    return max(0.0, min(drift, most - variance))
