"""Folding attempts, oldest first, into a profile.

Within an attempt: theta_topic = theta_area + N(0, 0.45), areas independent and N(0, 1) at first, inference exact on
the grid. Between attempts the posterior is kept as its first two moments, the area's and each topic's with their
covariance: topics stay independent given their area, and the next attempt meets the same kind of prior.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import reduce
from itertools import groupby

from tracker.assessment.response import MarkedAttempt, Response
from tracker.scoring import ability, grid, hierarchy
from tracker.scoring.ability import Ability
from tracker.scoring.author_prior import item_parameters
from tracker.scoring.drift import aged_area
from tracker.scoring.irt import FloatArray, log_likelihood
from tracker.scoring.profile import AreaProfile, HistoryPoint, Profile, TopicProfile, through_area


def fold(attempts: Iterable[MarkedAttempt]) -> Profile:
    """The profile that finished attempts, oldest first, add up to. Raises: ValueError if they are out of order."""
    return reduce(updated, attempts, Profile())


def updated(profile: Profile, attempt: MarkedAttempt) -> Profile:
    """The profile after one more attempt. Raises: ValueError if an area of it is already known as of later."""
    areas = {area.slug: area for area in profile.areas}
    for slug, responses in _grouped(attempt.responses, lambda response: response.area_slug).items():
        areas[slug] = _updated_area(profile.area(slug), attempt, responses)
    return replace(profile, areas=tuple(areas[slug] for slug in sorted(areas)))


def _updated_area(area: AreaProfile, attempt: MarkedAttempt, responses: Sequence[Response]) -> AreaProfile:
    if area.as_of and attempt.finished_at < area.as_of:
        raise ValueError(f"attempt {attempt.attempt_id} is older than the profile it would be added to")
    before = aged_area(area, attempt.finished_at)
    by_topic = _grouped(responses, lambda response: response.topic_id)
    answered = [before.topic(topic_id) for topic_id in by_topic]
    points = grid.points_for(before.responses + len(responses))
    posterior = hierarchy.infer(
        points,
        grid.log_normal(points, before.ability.theta, before.ability.standard_error),
        [before.link(topic) for topic in answered],
        [_log_likelihood(points, by_topic[topic.topic_id]) for topic in answered],
    )
    theta = ability.on_grid(points, posterior.area)

    topics = {topic.topic_id: _only_through_area(topic, before, theta) for topic in before.topics}
    for topic, joint in zip(answered, posterior.joint, strict=True):
        topics[topic.topic_id] = _answered(topic, by_topic[topic.topic_id], attempt, points, joint)

    after = replace(
        before,
        ability=theta,
        as_of=attempt.finished_at,
        responses=before.responses + len(responses),
        right=before.right + _right(responses),
        last_answered=attempt.finished_at,
        topics=tuple(topics[topic_id] for topic_id in sorted(topics)),
    )
    point = HistoryPoint(attempt_id=attempt.attempt_id, finished_at=attempt.finished_at, score=after.score)
    return replace(after, history=(*before.history, point))


def _only_through_area(topic: TopicProfile, before: AreaProfile, theta: Ability) -> TopicProfile:
    """A topic without a response in this attempt: it moves with its area."""
    moved, covariance = through_area(before.link(topic), theta)
    return replace(topic, ability=moved, covariance=covariance)


def _answered(
    topic: TopicProfile, responses: Sequence[Response], attempt: MarkedAttempt, points: FloatArray, joint: FloatArray
) -> TopicProfile:
    """A topic after its responses in this attempt; `joint` as in `hierarchy.AreaPosterior`."""
    theta = ability.on_grid(points, joint.sum(axis=0))
    area_mean = points @ joint.sum(axis=1)
    return replace(
        topic,
        ability=theta,
        covariance=float((points - area_mean) @ joint @ (points - theta.theta)),
        responses=topic.responses + len(responses),
        right=topic.right + _right(responses),
        last_answered=attempt.finished_at,
        when_answered=theta,
    )


def _log_likelihood(points: FloatArray, responses: Sequence[Response]) -> FloatArray:
    marks = [response.mark for response in responses]
    return log_likelihood(points, marks, *item_parameters(responses))


def _right(responses: Sequence[Response]) -> int:
    return sum(response.is_right for response in responses)


def _grouped(responses: Sequence[Response], key: Callable[[Response], str]) -> dict[str, list[Response]]:
    return {name: list(group) for name, group in groupby(sorted(responses, key=key), key=key)}
