"""Folding attempts, oldest first, into a profile.

Within an attempt: theta_topic = theta_area + N(0, 0.45), areas N(0, 1) and correlated by .6 at first; inference within
an area is exact on the grid, across areas it is expectation propagation (`joint`). So an attempt in one area also
moves the others, their topics with them. Between attempts the posterior is kept as its first two moments, the areas'
with their correlations and each topic's with its covariance with its area: topics stay independent given their area,
and the next attempt meets the same kind of prior.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, groupby

import numpy as np

from tracker.assessment.parameters import AUTHORS_WORD, ParameterSet
from tracker.assessment.response import MarkedAttempt, Response
from tracker.assessment.score import Report
from tracker.scoring import ability, grid, hierarchy, joint
from tracker.scoring.ability import Ability
from tracker.scoring.author_prior import item_parameters
from tracker.scoring.drift import aged
from tracker.scoring.hierarchy import Messages
from tracker.scoring.irt import FloatArray, log_likelihood
from tracker.scoring.path import chance_improved
from tracker.scoring.profile import AreaProfile, HistoryPoint, Profile, TopicProfile, through_area, to_rows
from tracker.scoring.structure import correlations_of


def fold(attempts: Iterable[MarkedAttempt], known: ParameterSet = AUTHORS_WORD) -> Profile:
    """The profile that finished attempts, oldest first, add up to. Raises: ValueError if they are out of order."""
    *_, last = states(attempts, known)
    return last


def states(attempts: Iterable[MarkedAttempt], known: ParameterSet = AUTHORS_WORD) -> Iterator[Profile]:
    """The profile before any attempt, and after each of them. Raises: as `fold`."""
    nothing = Profile(parameters=known.revision, area_walk=known.area_walk, topic_walk=known.topic_walk)
    return accumulate(attempts, lambda profile, attempt: updated(profile, attempt, known), initial=nothing)


def updated(profile: Profile, attempt: MarkedAttempt, known: ParameterSet = AUTHORS_WORD) -> Profile:
    """The profile after one more attempt, by the parameters that made it. Raises: ValueError if it is as of later."""
    if not attempt.scored:
        return profile
    if any(area.as_of and attempt.finished_at < area.as_of for area in profile.areas):
        raise ValueError(f"attempt {attempt.attempt_id} is older than the profile it would be added to")
    by_area = _grouped(attempt.scored, lambda response: response.area_slug)
    before = aged(profile, attempt.finished_at)
    for slug in by_area:
        before = before.with_area(slug)
    points = grid.points_for(max(area.responses + len(by_area.get(area.slug, ())) for area in before.areas))
    told = [_told(points, area, by_area.get(area.slug, ()), known) for area in before.areas]
    posterior = joint.across(
        points,
        np.stack([messages.log_area for messages in told])[None],
        np.array([area.ability.theta for area in before.areas]),
        before.covariance,
    )
    after = replace(
        before,
        areas=tuple(
            _moved(area, attempt, by_area.get(area.slug, ()), points, weights, messages)
            for area, weights, messages in zip(before.areas, posterior.weights[0], told, strict=True)
        ),
        correlations=to_rows(correlations_of(posterior.covariance[0])),
    )
    return after.with_moment(attempt.attempt_id, attempt.finished_at)


def report(profile: Profile, attempt: MarkedAttempt) -> Report:
    """What the learner is told when this attempt, the last one in the profile, has ended: the areas it is about."""
    slugs = sorted({response.area_slug for response in attempt.scored})
    scores = {slug: profile.area(slug).score for slug in slugs}
    improved = {
        slug: chance for slug in slugs if (chance := chance_improved(profile, slug, attempt.attempt_id)) is not None
    }
    return Report(model=profile.revision, parameters=profile.parameters, scores=scores, improved=improved)


def _told(points: FloatArray, area: AreaProfile, responses: Sequence[Response], known: ParameterSet) -> Messages:
    """What an attempt's responses tell an area, topic by topic in the order of their ids."""
    by_topic = _grouped(responses, lambda response: response.topic_id)
    links = [area.link(area.topic(topic_id)) for topic_id in by_topic]
    return hierarchy.messages(points, links, [_log_likelihood(points, given, known) for given in by_topic.values()])


def _moved(
    before: AreaProfile,
    attempt: MarkedAttempt,
    responses: Sequence[Response],
    points: FloatArray,
    weights: FloatArray,
    told: Messages,
) -> AreaProfile:
    """An area after an attempt, answered in it or not."""
    theta = ability.on_grid(points, weights)
    topics = {topic.topic_id: _only_through_area(topic, before, theta) for topic in before.topics}
    after = replace(before, ability=theta, as_of=attempt.finished_at)
    if responses:
        by_topic = _grouped(responses, lambda response: response.topic_id)
        for (topic_id, given), joint_weights in zip(
            by_topic.items(), hierarchy.joint_weights(weights, told), strict=True
        ):
            topics[topic_id] = _answered(before.topic(topic_id), given, attempt, points, joint_weights)
        after = replace(
            after,
            responses=before.responses + len(responses),
            right=before.right + _right(responses),
            last_answered=attempt.finished_at,
        )
        told_then = attempt.report.scores.get(after.slug) if attempt.report else None
        point = HistoryPoint(attempt.attempt_id, attempt.finished_at, score=told_then or after.score)
        after = replace(after, history=(*before.history, point))
    return replace(after, topics=tuple(topics[topic_id] for topic_id in sorted(topics)))


def _only_through_area(topic: TopicProfile, before: AreaProfile, theta: Ability) -> TopicProfile:
    """A topic without a response in this attempt: it moves with its area."""
    moved, covariance = through_area(before.link(topic), theta)
    return replace(topic, ability=moved, covariance=covariance)


def _answered(
    topic: TopicProfile, responses: Sequence[Response], attempt: MarkedAttempt, points: FloatArray, weights: FloatArray
) -> TopicProfile:
    """A topic after its responses in this attempt; `weights` as `hierarchy.joint_weights` gives them."""
    theta = ability.on_grid(points, weights.sum(axis=0))
    area_mean = points @ weights.sum(axis=1)
    return replace(
        topic,
        ability=theta,
        covariance=float((points - area_mean) @ weights @ (points - theta.theta)),
        responses=topic.responses + len(responses),
        right=topic.right + _right(responses),
        last_answered=attempt.finished_at,
        when_answered=theta,
    )


def _log_likelihood(points: FloatArray, responses: Sequence[Response], known: ParameterSet) -> FloatArray:
    marks = [response.mark for response in responses]
    return log_likelihood(points, marks, *item_parameters(responses, known))


def _right(responses: Sequence[Response]) -> int:
    return sum(response.is_right for response in responses)


def _grouped(responses: Sequence[Response], key: Callable[[Response], str]) -> dict[str, list[Response]]:
    return {name: list(group) for name, group in groupby(sorted(responses, key=key), key=key)}
