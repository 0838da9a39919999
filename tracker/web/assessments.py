"""What can be taken, and the page before the start."""

from collections.abc import Sequence

from flask import Blueprint, g, render_template
from flask_login import login_required

from tracker.assessment.attempt import Attempt
from tracker.services import attempts, bank
from tracker.web.people import me

bp = Blueprint("assessments", __name__)


@bp.get("/assessments")
@login_required
def index() -> str:
    """Every assessment, with my last attempt at it."""
    return render_template(
        "assessments/index.html",
        by_areas=bank.list_by_areas(),
        topics=bank.list_topic_quizzes(),
        newest=_newest_by_assessment(attempts.list_attempts(me().id, now=g.now)),
    )


@bp.get("/assessments/<slug>")
@login_required
def show(slug: str) -> str:
    """The rules of one assessment, before its clock starts."""
    assessment = bank.get_assessment(slug)
    return render_template(
        "assessments/show.html",
        assessment=assessment,
        covers=bank.list_covered(assessment),
        newest=_newest_by_assessment(attempts.list_attempts(me().id, now=g.now)).get(slug),
    )


def _newest_by_assessment(taken: Sequence[Attempt]) -> dict[str, Attempt]:
    return {attempt.assessment_slug: attempt for attempt in reversed(taken)}
