"""What can be taken, and the page before the start."""

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, current_app, g, render_template
from flask_login import login_required

from tracker.assessment.attempt import Attempt
from tracker.assessment.blueprint import Assessment
from tracker.services import accommodations, assigned, attempts, bank, retakes
from tracker.web.people import me

bp = Blueprint("assessments", __name__)


@bp.get("/assessments")
@login_required
def index() -> str:
    """What is assigned to me, and every assessment with my last attempt at it."""
    taken = attempts.list_attempts(me().id, now=g.now)
    return render_template(
        "assessments/index.html",
        by_areas=bank.list_by_areas(),
        topics=bank.list_topic_quizzes(),
        newest=_newest_by_assessment(taken),
        waiting=retakes.list_waiting(taken, now=g.now, retake_after=_retake_after()),
        assigned_to_me=assigned.list_assigned(me().id, taken=taken, now=g.now),
    )


@bp.get("/assessments/<slug>")
@login_required
def show(slug: str) -> str:
    """The rules of one assessment, before its clock starts."""
    assessment = bank.get_assessment(slug)
    taken = attempts.list_attempts(me().id, now=g.now)
    return rules_page(
        assessment,
        limit=assessment.time_limit,
        newest=_newest_by_assessment(taken).get(slug),
        opens_again=retakes.list_waiting(taken, now=g.now, retake_after=_retake_after()).get(slug),
    )


def rules_page(assessment: Assessment, *, limit: timedelta, **how: object) -> str:
    """The page before the start: `newest` and `opens_again` of what is taken of one's own will, else `assigned`.

    limit: the time limit, with what an assignment adds to it.
    """
    return render_template(
        "assessments/show.html",
        assessment=assessment,
        covers=bank.list_covered(assessment),
        limit=limit,
        own_limit=limit * accommodations.get_factor(me().id),
        retake_after=_retake_after(),
        **how,
    )


def _newest_by_assessment(taken: Sequence[Attempt]) -> dict[str, Attempt]:
    """The newest attempt at each, an open one before all others; what is open under an assignment is shown there."""
    shown = [attempt for attempt in reversed(taken) if attempt.is_finished or not attempt.assignment]
    return {attempt.assessment_slug: attempt for attempt in sorted(shown, key=lambda one: not one.is_finished)}


def _retake_after() -> timedelta:
    found: timedelta = current_app.config["RETAKE_AFTER"]
    return found
