"""A learner's skill radar: where they stand, how sure that is, how it went, and what would change it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from tracker.assessment.practice_queue import QuizHistory
from tracker.assessment.response import MarkedAttempt
from tracker.assessment.roadmap import Area, Roadmap, Topic
from tracker.assessment.score import Score
from tracker.errors import NotFound
from tracker.scoring import history_chart, radar
from tracker.scoring.history import AreaHistory, Faded, Seen, area_histories, area_history, faded
from tracker.scoring.history_chart import HistoryChart
from tracker.scoring.outlook import Outlook, area_outlook, topic_outlook
from tracker.scoring.percentile import LEAST_PEOPLE, Percentile, percentile_of
from tracker.scoring.profile import AreaProfile, Profile, Standing, TopicProfile
from tracker.scoring.radar import Radar
from tracker.services import next_steps, outlook, profiles
from tracker.services.next_steps import ShownSteps
from tracker.services.profiles import Record
from tracker.storage import item_parameters
from tracker.storage.question_bank import get_bank


@dataclass(frozen=True, slots=True)
class AreaSkill:
    """One area of the radar."""

    area: Area
    score: Score
    last_answered: datetime | None


@dataclass(frozen=True, slots=True)
class TopicSkill:
    """One topic of an area: its score, and whether it stands out from the area.

    right: how many of the answers that may be told, `told`, were right; those to items that are held may not.
    """

    topic: Topic
    score: Score
    standing: Standing
    right: int
    told: int
    responses: int
    last_answered: datetime | None


@dataclass(frozen=True, slots=True)
class AreaSkills:
    """An area with all its topics."""

    skill: AreaSkill
    topics: tuple[TopicSkill, ...]


@dataclass(frozen=True, slots=True)
class Skills:
    """All that is known of a learner's skills now. model, parameters: the revisions that say so."""

    overall: Score
    areas: tuple[AreaSkills, ...]
    model: int
    parameters: int


@dataclass(frozen=True, slots=True)
class AttemptScore:
    """An area's score after one attempt."""

    area: Area
    seen: Seen


@dataclass(frozen=True, slots=True)
class AreaChart:
    """How an area's score went."""

    area: Area
    chart: HistoryChart


@dataclass(frozen=True, slots=True)
class RadarView:
    """A learner at a glance, as of now."""

    radar: Radar
    overall: Score
    areas: tuple[AreaSkill, ...]
    steps: ShownSteps
    roadmap: Roadmap
    profile: Profile

    @property
    def charts(self) -> tuple[AreaChart, ...]:
        """Of the areas with more than one attempt."""
        histories = area_histories(self.profile)
        return tuple(
            AreaChart(area, history_chart.draw(histories[area.slug]))
            for area in self.roadmap.areas
            if area.slug in histories and histories[area.slug].before
        )


@dataclass(frozen=True, slots=True)
class AreaView:
    """One area in depth. `percentile` is None where fewer than `least_people` were measured to compare with."""

    skill: AreaSkill
    topics: tuple[TopicSkill, ...]
    percentile: Percentile | None
    outlook: Outlook
    history: AreaHistory
    chart: HistoryChart | None
    least_people: int = LEAST_PEOPLE


@dataclass(frozen=True, slots=True)
class TopicAnswers:
    """How many answers in a topic an attempt gave. right: None while one of the items is held."""

    attempt_id: str
    finished_at: datetime
    right: int | None
    responses: int


@dataclass(frozen=True, slots=True)
class TopicView:
    """One topic in depth; its answers' attempts newest first."""

    area: Area
    skill: TopicSkill
    prerequisites: tuple[Topic, ...]
    outlook: Outlook
    faded: Faded | None
    answers: tuple[TopicAnswers, ...]


def get_radar(learner_id: int, *, now: datetime) -> RadarView:
    """A learner's radar as of now."""
    record, quizzes = profiles.get_record_and_history(learner_id, now=now)
    roadmap = get_bank().roadmap
    return RadarView(
        radar=draw_radar(record.profile, roadmap),
        overall=record.profile.overall,
        areas=tuple(_area_skill(area, record.profile.area(area.slug)) for area in roadmap.areas),
        steps=next_steps.steps_of(record, quizzes, learner_id=learner_id, now=now),
        roadmap=roadmap,
        profile=record.profile,
    )


def get_skills(learner_id: int, *, now: datetime) -> Skills:
    """A learner's every area and topic as of now."""
    record, quizzes = profiles.get_record_and_history(learner_id, now=now)
    profile, told = record.profile, _Told(record, quizzes)
    known = [(area, profile.area(area.slug)) for area in get_bank().roadmap.areas]
    return Skills(
        overall=profile.overall,
        areas=tuple(
            AreaSkills(_area_skill(area, state), tuple(_topic_skill(topic, state, told) for topic in area.topics))
            for area, state in known
        ),
        model=profile.revision,
        parameters=profile.parameters,
    )


def list_history(learner_id: int, *, now: datetime) -> list[AttemptScore]:
    """The scores of a learner's areas after each attempt, the newest first."""
    histories = area_histories(profiles.get_record(learner_id, now=now).profile)
    scores = [
        AttemptScore(area, seen)
        for area in get_bank().roadmap.areas
        if area.slug in histories
        for seen in histories[area.slug].attempts
    ]
    return sorted(scores, key=lambda score: score.seen.finished_at, reverse=True)


def get_area_view(area_slug: str, *, learner_id: int, now: datetime) -> AreaView:
    """One area of a learner in depth. Raises: NotFound."""
    area = _get_area(area_slug)
    record, quizzes = profiles.get_record_and_history(learner_id, now=now)
    profile, told = record.profile, _Told(record, quizzes)
    known = profile.area(area.slug)
    information = outlook.get_information(profile.parameters)
    populations = item_parameters.get(profile.parameters).populations
    history = area_history(profile, area.slug)
    return AreaView(
        skill=_area_skill(area, known),
        topics=tuple(_topic_skill(topic, known, told) for topic in area.topics),
        percentile=percentile_of(known.ability, populations.get(area.slug)),
        outlook=area_outlook(known, {topic.id: information[topic.id] for topic in area.topics}),
        history=history,
        chart=history_chart.draw(history) if history.attempts else None,
    )


def get_topic_view(area_slug: str, topic_slug: str, *, learner_id: int, now: datetime) -> TopicView:
    """One topic of a learner in depth. Raises: NotFound."""
    area = _get_area(area_slug)
    roadmap = get_bank().roadmap
    topic = roadmap.find_topic(f"{area_slug}/{topic_slug}")
    if topic is None:
        raise NotFound
    record, quizzes = profiles.get_record_and_history(learner_id, now=now)
    known = record.profile.area(area.slug)
    state = known.topic(topic.id)
    return TopicView(
        area=area,
        skill=_topic_skill(topic, known, _Told(record, quizzes)),
        prerequisites=tuple(roadmap.topic(topic_id) for topic_id in topic.prerequisites),
        outlook=topic_outlook(state, outlook.get_information(record.profile.parameters)[topic.id]),
        faded=_faded(state),
        answers=tuple(
            answers
            for attempt in reversed(record.attempts)
            if (answers := _answers(attempt, topic.id, quizzes)).responses
        ),
    )


def draw_radar(profile: Profile, roadmap: Roadmap) -> Radar:
    """The drawing of a profile, areas in the roadmap's order."""
    return radar.draw([(area.name, profile.area(area.slug).score) for area in roadmap.areas])


def _get_area(slug: str) -> Area:
    area = next((area for area in get_bank().roadmap.areas if area.slug == slug), None)
    if area is None:
        raise NotFound
    return area


def _area_skill(area: Area, profile: AreaProfile) -> AreaSkill:
    return AreaSkill(area=area, score=profile.score, last_answered=profile.last_answered)


class _Told:
    """How many answers in each topic may be told, and how many of them were right."""

    def __init__(self, record: Record, quizzes: QuizHistory) -> None:
        scored = (one for attempt in record.attempts for one in attempt.scored)
        responses = [one for one in scored if not quizzes.holds_item(one.item_id)]
        self.answers = Counter(response.topic_id for response in responses)
        self.right = Counter(response.topic_id for response in responses if response.is_right)


def _topic_skill(topic: Topic, profile: AreaProfile, told: _Told) -> TopicSkill:
    known = profile.topic(topic.id)
    return TopicSkill(
        topic=topic,
        score=profile.topic_score(topic.id),
        standing=profile.standing(topic.id),
        right=told.right[topic.id],
        told=told.answers[topic.id],
        responses=known.responses,
        last_answered=known.last_answered,
    )


def _faded(topic: TopicProfile) -> Faded | None:
    if topic.when_answered is None or topic.last_answered is None:
        return None
    return faded(topic.when_answered, topic.last_answered, today=topic.ability)


def _answers(attempt: MarkedAttempt, topic_id: str, quizzes: QuizHistory) -> TopicAnswers:
    given = [response for response in attempt.scored if response.topic_id == topic_id]
    is_held = any(quizzes.holds_item(response.item_id) for response in given)
    return TopicAnswers(
        attempt_id=attempt.attempt_id,
        finished_at=attempt.finished_at,
        right=None if is_held else sum(response.is_right for response in given),
        responses=len(given),
    )
