"""A learner's skill radar: where they stand, how sure that is, and what to do next."""

from dataclasses import dataclass
from datetime import datetime

from tracker.assessment.roadmap import Area, Roadmap, Topic
from tracker.assessment.score import Score
from tracker.errors import NotFound
from tracker.scoring import radar
from tracker.scoring.next_step import NextStep
from tracker.scoring.profile import AreaProfile, HistoryPoint, Profile, Standing
from tracker.scoring.radar import Radar
from tracker.scoring.recommendations import next_steps
from tracker.services import profiles
from tracker.storage.question_bank import get_bank


@dataclass(frozen=True, slots=True)
class AreaSkill:
    """One area of the radar."""

    area: Area
    score: Score
    last_answered: datetime | None
    history: tuple[HistoryPoint, ...]


@dataclass(frozen=True, slots=True)
class TopicSkill:
    """One topic of an area: its score, and whether it stands out from the area."""

    topic: Topic
    score: Score
    standing: Standing
    right: int
    responses: int
    last_answered: datetime | None


@dataclass(frozen=True, slots=True)
class RadarView:
    """A learner at a glance, as of now."""

    radar: Radar
    overall: Score
    areas: tuple[AreaSkill, ...]
    steps: tuple[NextStep, ...]
    roadmap: Roadmap


@dataclass(frozen=True, slots=True)
class AreaView:
    """One area in depth."""

    skill: AreaSkill
    topics: tuple[TopicSkill, ...]


def get_radar(learner_id: int, *, now: datetime) -> RadarView:
    """A learner's radar as of now."""
    record = profiles.get_record(learner_id, now=now)
    roadmap = get_bank().roadmap
    return RadarView(
        radar=draw_radar(record.profile, roadmap),
        overall=record.profile.overall,
        areas=tuple(_area_skill(area, record.profile.area(area.slug)) for area in roadmap.areas),
        steps=next_steps(record.profile, roadmap=roadmap, attempts=record.attempts),
        roadmap=roadmap,
    )


def get_area_view(area_slug: str, *, learner_id: int, now: datetime) -> AreaView:
    """One area of a learner in depth. Raises: NotFound."""
    area = next((area for area in get_bank().roadmap.areas if area.slug == area_slug), None)
    if area is None:
        raise NotFound
    profile = profiles.get_record(learner_id, now=now).profile.area(area.slug)
    return AreaView(
        skill=_area_skill(area, profile),
        topics=tuple(_topic_skill(topic, profile) for topic in area.topics),
    )


def draw_radar(profile: Profile, roadmap: Roadmap) -> Radar:
    """The drawing of a profile, areas in the roadmap's order."""
    return radar.draw([(area.name, profile.area(area.slug).score) for area in roadmap.areas])


def _area_skill(area: Area, profile: AreaProfile) -> AreaSkill:
    return AreaSkill(area=area, score=profile.score, last_answered=profile.last_answered, history=profile.history)


def _topic_skill(topic: Topic, profile: AreaProfile) -> TopicSkill:
    known = profile.topic(topic.id)
    return TopicSkill(
        topic=topic,
        score=profile.topic_score(topic.id),
        standing=profile.standing(topic.id),
        right=known.right,
        responses=known.responses,
        last_answered=known.last_answered,
    )
