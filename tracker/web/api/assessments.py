"""What can be taken, and when it opens to whoever asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, current_app, g

from tracker.assessment import blueprint
from tracker.services import accommodations, attempts, bank, retakes
from tracker.web.api.bearer import asker
from tracker.web.api.operation import operation
from tracker.web.api.paging import PageQuery, some_of
from tracker.web.api.problems import PREFIX
from tracker.web.api.schemas_assessments import Assessment, Assessments

bp = Blueprint("api_assessments", __name__, url_prefix=PREFIX)


@dataclass(frozen=True, slots=True)
class _State:
    """Where a learner stands: their extra time, what they have open and what they must wait for, by assessment."""

    factor: float
    open_ids: Mapping[str, str]
    opens_at: Mapping[str, datetime]


@bp.get("/assessments")
@operation(gives=Assessments, query=PageQuery)
def index(query: PageQuery) -> Assessments:
    """Everything that can be taken."""
    shown, following = some_of(bank.list_all(), query, key=lambda assessment: assessment.slug)
    return Assessments(assessments=_told(shown), next=following)


@bp.get("/assessments/<slug>")
@operation(gives=Assessment)
def show(slug: str) -> Assessment:
    """One assessment."""
    return _told([bank.get_assessment(slug)])[0]


def _told(assessments: Sequence[blueprint.Assessment]) -> list[Assessment]:
    state = _get_state()
    return [_assessment(one, state) for one in assessments]


def _get_state() -> _State:
    learner_id = asker().id
    taken = attempts.list_attempts(learner_id, now=g.now)
    retake_after: timedelta = current_app.config["RETAKE_AFTER"]
    return _State(
        factor=accommodations.get_factor(learner_id),
        open_ids={one.assessment_slug: one.id for one in taken if not (one.is_finished or one.assignment)},
        opens_at=retakes.list_waiting(taken, now=g.now, retake_after=retake_after),
    )


def _assessment(one: blueprint.Assessment, state: _State) -> Assessment:
    return Assessment(
        slug=one.slug,
        name=one.name,
        description=one.description,
        areas=list(one.area_slugs),
        topics=list(one.topic_ids(bank.get_roadmap())),
        is_adaptive=one.is_adaptive,
        item_count=one.item_count,
        limit_seconds=round(one.time_limit.total_seconds() * state.factor),
        open_attempt=state.open_ids.get(one.slug),
        opens_at=state.opens_at.get(one.slug),
    )
