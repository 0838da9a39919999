"""The targets of a cohort: the level wanted in each area and topic."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response

from tracker.assessment.target import LEVEL_NAMES
from tracker.services import targets
from tracker.web.forms import check_form
from tracker.web.people import me

bp = Blueprint("targets", __name__, url_prefix="/cohorts/<cohort_id>/targets")

Page = str | Response

NOT_A_SKILL = {"csrf_token"}


@bp.get("")
@login_required
def show(cohort_id: str) -> Page:
    """What is wanted, to change it."""
    opened = targets.open_targets(cohort_id, lead_id=me().id)
    return render_template("cohorts/targets.html", targets=opened, level_names=LEVEL_NAMES)


@bp.post("")
@login_required
def save(cohort_id: str) -> Page:
    """Want what was chosen, and nothing else."""
    check_form()
    chosen = {skill: level for skill, level in request.form.items() if level and skill not in NOT_A_SKILL}
    targets.set_targets(cohort_id, chosen, lead_id=me().id)
    flash("The targets are saved. The matrix shows who is there and who is not.")
    return redirect(url_for(".show", cohort_id=cohort_id))


@bp.post("/template")
@login_required
def take_template(cohort_id: str) -> Page:
    """Want what a template wants, in place of all that was set."""
    check_form()
    template = targets.take_template(cohort_id, request.form.get("template", ""), lead_id=me().id)
    flash(f"The targets are those of “{template.name}” now. Change what does not fit.")
    return redirect(url_for(".show", cohort_id=cohort_id))
