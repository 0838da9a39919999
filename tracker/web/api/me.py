"""Whoever asks: their profile, skills, history and next steps."""

from flask import Blueprint, g

from tracker.assessment.score import Score
from tracker.scoring.next_steps import step
from tracker.services import next_steps, radar
from tracker.services.next_steps import ShownSteps
from tracker.services.tokens import Scope
from tracker.web.api import schemas_me as schemas
from tracker.web.api import schemas_result
from tracker.web.api.bearer import asker
from tracker.web.api.operation import operation
from tracker.web.api.paging import PageQuery, some_of
from tracker.web.api.problems import PREFIX
from tracker.web.api.schemas_roadmap import Resource

bp = Blueprint("api_me", __name__, url_prefix=f"{PREFIX}/me")


@bp.get("")
@operation(gives=schemas.Profile, scope=Scope.PROFILE_READ)
def show() -> schemas.Profile:
    """Whom the token acts for."""
    return schemas.Profile.model_validate(asker())


@bp.get("/skills")
@operation(gives=schemas.Skills, scope=Scope.PROFILE_READ)
def skills() -> schemas.Skills:
    """Your scores in every area and topic as of now."""
    found = radar.get_skills(asker().id, now=g.now)
    return schemas.Skills(
        overall=_score(found.overall),
        areas=[_area(area) for area in found.areas],
        model=found.model,
        parameters=found.parameters,
    )


@bp.get("/history")
@operation(gives=schemas.History, scope=Scope.PROFILE_READ, query=PageQuery)
def history(query: PageQuery) -> schemas.History:
    """Your areas' scores after each attempt, the newest first."""
    found = radar.list_history(asker().id, now=g.now)
    shown, following = some_of(found, query, key=lambda one: f"{one.area.slug}/{one.seen.attempt_id}")
    return schemas.History(scores=[_attempt_score(one) for one in shown], next=following)


@bp.get("/next-steps")
@operation(gives=schemas.NextSteps, scope=Scope.PROFILE_READ)
def list_next_steps() -> schemas.NextSteps:
    """What to do next, each step with its evidence."""
    shown = next_steps.get_steps(asker().id, now=g.now)
    return schemas.NextSteps(
        made_at=shown.made_at,
        model=shown.model,
        parameters=shown.parameters,
        steps=[_step(one, shown) for one in shown.steps],
    )


def _area(skills: radar.AreaSkills) -> schemas.AreaSkill:
    return schemas.AreaSkill(
        area=skills.skill.area.slug,
        name=skills.skill.area.name,
        score=_score(skills.skill.score),
        last_answered=skills.skill.last_answered,
        topics=[_topic(topic) for topic in skills.topics],
    )


def _topic(skill: radar.TopicSkill) -> schemas.TopicSkill:
    return schemas.TopicSkill(
        topic=skill.topic.id,
        name=skill.topic.name,
        score=_score(skill.score),
        standing=skill.standing,
        right=skill.right,
        told=skill.told,
        last_answered=skill.last_answered,
    )


def _attempt_score(one: radar.AttemptScore) -> schemas.AttemptScore:
    seen = one.seen
    return schemas.AttemptScore(
        area=one.area.slug,
        attempt=seen.attempt_id,
        finished_at=seen.finished_at,
        reported=_score(seen.reported),
        smoothed=_score(seen.smoothed),
        change=schemas_result.Change.model_validate(seen.change) if seen.change else None,
    )


def _step(one: step.NextStep, shown: ShownSteps) -> schemas.NextStep:
    return schemas.NextStep(
        rule=one.rule,
        kind=one.kind,
        when=shown.when[one.rule],
        due=one.due,
        unlocks=list(one.unlocks),
        evidence=_evidence(one.evidence, shown) if one.evidence else None,
    )


def _evidence(evidence: step.Evidence, shown: ShownSteps) -> schemas.Evidence:
    return schemas.Evidence(
        topic=evidence.topic_id,
        mastery=evidence.mastery,
        mastery_when_answered=evidence.mastery_when_answered,
        score=_score(evidence.score),
        answers=[
            schemas.AnswerRecord(
                attempt=record.attempt_id,
                item=record.item_id,
                is_right=None if record.item_id in shown.held else record.is_right,
                answered_at=record.answered_at,
            )
            for record in evidence.records
        ],
        prerequisites=[
            schemas.Prerequisite(topic=prerequisite.topic_id, mastery=prerequisite.mastery)
            for prerequisite in evidence.prerequisites
        ],
        resource=Resource.model_validate(evidence.resource),
        quiz=evidence.quiz,
    )


def _score(score: Score) -> schemas_result.Score:
    return schemas_result.Score.model_validate(score)
